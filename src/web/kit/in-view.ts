// Whether a part of the page has come near to view; what is far down is not asked for before.
import { type RefCallback, useCallback, useRef, useState } from "react";

export function useInView<E extends Element>(): [RefCallback<E>, boolean] {
  const [seen, setSeen] = useState(false);
  const watch = useRef<IntersectionObserver>(undefined);
  const mark = useCallback((element: E | null) => {
    watch.current?.disconnect();
    if (!element) return;
    watch.current = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: "400px",
    });
    watch.current.observe(element);
  }, []);
  return [mark, seen];
}
