// The frame around every page: navigation left, search and the person above, the page itself.
import { ActionIcon, CloseButton, Drawer } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { Icon } from "../kit/icon.tsx";
import { AppLink } from "../kit/link.tsx";
import { useMe } from "../kit/session.tsx";
import { text } from "../text.ts";
import { Bell } from "./bell.tsx";
import { CompanySwitcher } from "./company.tsx";
import { FormHost } from "./form-host.tsx";
import { Navigation } from "./navigation.tsx";
import { PersonMenu } from "./person-menu.tsx";

const Palette = lazy(() => import("./palette.tsx"));

/** After going to another page the keyboard starts at its beginning. */
function usePageFocus() {
  const main = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

function Mark() {
  return (
    <AppLink to="/" className="hw-mark">
      <img src="/mark.svg" width={26} height={26} alt="" />
      <span>{text.product}</span>
    </AppLink>
  );
}

function SearchButton({ onOpen }: { onOpen: () => void }) {
  const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <button type="button" className="hw-searchbutton" onClick={onOpen} aria-label={text.palette.open} aria-haspopup="dialog">
      <Icon name="search" size={16} />
      <span className="hw-searchbutton-words">{text.palette.hint}</span>
      <kbd aria-hidden>{apple ? "⌘ K" : "Ctrl K"}</kbd>
    </button>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const me = useMe();
  const [menu, menuIs] = useDisclosure(false);
  const [palette, paletteIs] = useDisclosure(false);
  const main = usePageFocus();
  useHotkeys([["mod+K", paletteIs.toggle]], []);
  return (
    <div className="hw-shell">
      <a href="#page" className="hw-skip">
        {text.skip}
      </a>
      <aside className="hw-side" aria-label={text.product}>
        <Mark />
        <Navigation />
      </aside>
      <header className="hw-top">
        <ActionIcon className="hw-menubutton" onClick={menuIs.open} aria-label={text.nav.open} aria-haspopup="dialog">
          <Icon name="menu" />
        </ActionIcon>
        <SearchButton onOpen={paletteIs.open} />
        <span className="hw-top-gap" />
        <CompanySwitcher />
        <Bell />
        <PersonMenu />
      </header>
      <main id="page" ref={main} tabIndex={-1} className="hw-main">
        {children}
      </main>
      <Drawer
        opened={menu}
        onClose={menuIs.close}
        size={300}
        withCloseButton={false}
        padding="sm"
        attributes={{ content: { "aria-label": text.nav.label } }}
      >
        <div className="hw-drawer-head">
          <Mark />
          <CloseButton onClick={menuIs.close} aria-label={text.close} />
        </div>
        <Navigation onFollow={menuIs.close} />
      </Drawer>
      {palette && (
        <Suspense>
          <Palette onClose={paletteIs.close} />
        </Suspense>
      )}
      <FormHost key={me.tenant.id} />
    </div>
  );
}
