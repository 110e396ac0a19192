// Screens made by hand, because the work has a shape. Each department lists its own in screens/<department>/index.ts; the shell
// builds its navigation, palette and routes from this list. Everything else is derived from the catalogue.
import type { RecordPanel, Screen } from "./screen.ts";
import { directoryScreens } from "./screens/directory/index.ts";
import { facilitiesPanels, facilitiesScreens } from "./screens/facilities/index.ts";
import { documentPanels } from "./screens/office/document/index.ts";
import { financePanels, financeScreens } from "./screens/finance/index.ts";
import { governanceScreens } from "./screens/governance/index.ts";
import { approvalPanels } from "./screens/office/approval/index.ts";
import { officeScreens } from "./screens/office/index.ts";
import { schedulePanels } from "./screens/office/schedule/index.ts";
import { platformScreens } from "./screens/platform/index.ts";
import { processScreens } from "./screens/process/index.ts";
import { purchasingPanels } from "./screens/purchasing/index.ts";

export const screens: readonly Screen[] = [
  ...directoryScreens,
  ...facilitiesScreens,
  ...governanceScreens,
  ...officeScreens,
  ...financeScreens,
  ...processScreens,
  ...platformScreens,
];

export const recordPanels: readonly RecordPanel[] = [
  ...approvalPanels,
  ...documentPanels,
  ...facilitiesPanels,
  ...schedulePanels,
  ...financePanels,
  ...purchasingPanels,
];
