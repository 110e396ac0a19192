// What someone is called on a system when nobody says otherwise. Pure.

/** The mail address, else the name in plain small letters: "Žofia Müller" gives `zofia.muller`. */
export function loginFor(person: { readonly name: string; readonly email: string | null }): string {
  if (person.email) return person.email.toLowerCase();
  const plain = person.name.normalize("NFD").replace(/\p{Mark}/gu, "");
  const letters = plain.toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, ".");
  return letters.replace(/^\.+|\.+$/g, "") || "user";
}
