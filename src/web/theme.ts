// The look of the house: a deep green of leaves, greys with the warmth of wood, dense but calm.
import {
  ActionIcon,
  Badge,
  Button,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  MultiSelect,
  Notification,
  Select,
  Tooltip,
} from "@mantine/core";
import { takeShown } from "./form/take-shown.ts";
import { text } from "./text.ts";

const heartwood: MantineColorsTuple = [
  "#eef5f0",
  "#dceae1",
  "#b8d5c3",
  "#92bea2",
  "#72aa87",
  "#589770",
  "#43825c",
  "#336b4a",
  "#24573a",
  "#173f29",
];
const gray: MantineColorsTuple = [
  "#faf9f7",
  "#f4f2ee",
  "#e9e6e0",
  "#dbd7cf",
  "#c3beb4",
  "#9a948a",
  "#696459",
  "#4f4b44",
  "#36332e",
  "#1f1d1a",
];
const dark: MantineColorsTuple = [
  "#e6e4df",
  "#c4c1ba",
  "#a9a59c",
  "#737067",
  "#4a4842",
  "#3a3833",
  "#2c2b27",
  "#1f1e1b",
  "#191816",
  "#121110",
];
const yellow: MantineColorsTuple = [
  "#fdf6e7",
  "#f9ebcb",
  "#f2d89c",
  "#e9c169",
  "#e0ad41",
  "#d09724",
  "#a97614",
  "#8a5e0c",
  "#6e4a08",
  "#533705",
];
const red: MantineColorsTuple = [
  "#fdf0ee",
  "#fadcd8",
  "#f3b5ad",
  "#eb8b80",
  "#e2685a",
  "#d24e3f",
  "#b93c2e",
  "#a03024",
  "#86261c",
  "#641a13",
];
const blue: MantineColorsTuple = [
  "#eef4fa",
  "#d9e6f3",
  "#b2cde6",
  "#87b0d8",
  "#6497ca",
  "#4a82bb",
  "#386da3",
  "#2c5a8a",
  "#214870",
  "#163350",
];

/** The list itself scrolls, not a box around it: a list box may, for assistive tools. */
const scrollingOptions = { options: { maxHeight: 300, overflowY: "auto" } } as const;

const reachableOptions = { options: { tabIndex: 0 } };

export const theme = createTheme({
  primaryColor: "heartwood",
  primaryShade: 8,
  autoContrast: true,
  colors: { heartwood, gray, dark, yellow, red, blue, green: heartwood },
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  fontFamily: '"Inter", "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: "12px", sm: "14px", md: "15px", lg: "17px", xl: "20px" },
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "24px", lineHeight: "1.25" },
      h2: { fontSize: "21px", lineHeight: "1.3" },
      h3: { fontSize: "18px", lineHeight: "1.35" },
      h4: { fontSize: "16px", lineHeight: "1.4" },
      h5: { fontSize: "14px", lineHeight: "1.45" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { "aria-label": text.close },
        radius: "md",
        transitionProps: { duration: 120 },
        // Its header is that of a dialog, not of the page.
        attributes: { header: { role: "presentation" } },
      },
      styles: { title: { fontWeight: 650, fontSize: 17 } },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": text.close }, transitionProps: { duration: 120 } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": text.close } } }),
    Button: Button.extend({ defaultProps: { size: "xs" }, styles: { root: { fontWeight: 560 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 32 } }),
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Select: Select.extend({
      defaultProps: { withScrollArea: false, openOnFocus: false, attributes: reachableOptions, wrapperProps: { onKeyDown: takeShown } },
      styles: scrollingOptions,
    }),
    MultiSelect: MultiSelect.extend({ defaultProps: { withScrollArea: false, attributes: reachableOptions }, styles: scrollingOptions }),
    InputWrapper: Input.Wrapper.extend({ defaultProps: { inputWrapperOrder: ["label", "input", "error", "description"] } }),
    Badge: Badge.extend({ defaultProps: { radius: "sm", size: "md" }, styles: { root: { textTransform: "none", fontWeight: 560 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: true } }),
  },
});
