// When a screen itself breaks, the shell stays: the page says so and offers to draw it again.
import { useLocation } from "@tanstack/react-router";
import { Component, type ReactNode } from "react";
import { asProblem, type Problem } from "../client.ts";
import { ProblemAlert } from "../kit/page.tsx";

class Boundary extends Component<{ children: ReactNode; place: string }, { problem: Problem | null }> {
  override state = { problem: null as Problem | null };

  static getDerivedStateFromError(error: unknown): { problem: Problem } {
    return { problem: asProblem(error) };
  }

  override componentDidUpdate(before: { place: string }): void {
    if (this.state.problem && before.place !== this.props.place) this.setState({ problem: null });
  }

  override render(): ReactNode {
    if (!this.state.problem) return this.props.children;
    return <ProblemAlert problem={this.state.problem} retry={() => this.setState({ problem: null })} />;
  }
}

export function Fallen({ children }: { children: ReactNode }) {
  const place = useLocation({ select: (location) => location.pathname });
  return <Boundary place={place}>{children}</Boundary>;
}
