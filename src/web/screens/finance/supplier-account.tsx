// The account of a supplier.
import { PartyAccountScreen } from "./party-account-screen.tsx";

export default function SupplierAccount() {
  return <PartyAccountScreen direction="supplier" />;
}
