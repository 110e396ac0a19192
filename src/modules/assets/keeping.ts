// How long is kept who held which thing of the company.
import type { Keeping } from "../../platform/operation/keeping.ts";

export const assetsKeeps: readonly Keeping[] = [
  {
    name: "assets.custody",
    title: "Things of the company in their hands",
    law: "Three years from the end of the year a thing was given back: claims for damage lapse then (BGB §§ 195, 199).",
    months: 36,
    from: "yearEnd",
    tables: {
      "assets.custody": {
        person: "person_id",
        ended: "t.ended_on",
        erases: ["disputed_reason", "condition_out", "condition_in", "note"],
      },
    },
  },
];
