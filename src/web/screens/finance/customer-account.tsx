// The account of a customer.
import { PartyAccountScreen } from "./party-account-screen.tsx";

export default function CustomerAccount() {
  return <PartyAccountScreen direction="customer" />;
}
