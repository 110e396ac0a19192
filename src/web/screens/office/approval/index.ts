// The screens of approvals: the inbox of decisions, and the policy that an office manager writes.
import { lazy } from "react";
import type { RecordPanel, Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const approvalScreens: readonly Screen[] = [
  {
    path: "/office/approvals",
    title: words.inbox.title,
    does: words.inbox.does,
    module: "office",
    needs: "office.approval.list",
    nav: true,
    component: lazy(() => import("./inbox.tsx")),
  },
  {
    path: "/office/approval-policy",
    title: words.policy.create,
    does: words.policy.does,
    module: "office",
    needs: "office.approvalPolicy.create",
    shows: ["office.approvalPolicy.try", "office.approvalPolicy.who"],
    insteadOf: { operation: "office.approvalPolicy.create", takesFields: true },
    component: lazy(() => import("./policy-editor.tsx")),
  },
  {
    path: "/office/approval-policy-change",
    title: words.policy.change,
    does: words.policy.changeSays,
    module: "office",
    needs: "office.approvalPolicy.change",
    insteadOf: { operation: "office.approvalPolicy.change", takesFields: true },
    component: lazy(() => import("./policy-editor.tsx")),
  },
];

export const approvalPanels: readonly RecordPanel[] = [
  {
    register: "office.approval",
    title: words.pane.what,
    needs: "office.approval.chain",
    component: lazy(() => import("./panel.tsx")),
  },
];
