// Where the browser's part begins: theme, questions to the server, addresses.
import "./style/ground.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./style/base.css";
import "./style/table.css";
import "./style/shell.css";
import "./style/pages.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isProblem } from "./client.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (times, error) => times < 2 && isProblem(error) && error.mayRetry,
    },
  },
});

// After a new release the parts an old tab still wants are gone: load the page anew, but never in a circle.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("heartwood.reloaded") ?? 0);
  if (Date.now() - last < 20_000) return;
  sessionStorage.setItem("heartwood.reloaded", String(Date.now()));
  location.reload();
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" autoClose={5000} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
