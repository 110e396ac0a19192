// Activities: kinds of work someone answers for, named by department and subject: `it.equipment`.

export const isActivity = (name: string): boolean => /^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/.test(name);

/** `facilities.workOrder` as a title: "Facilities work order". */
export function titleOfActivity(name: string): string {
  const words = name
    .replace(".", " ")
    .replace(/([A-Z])/g, " $1")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
