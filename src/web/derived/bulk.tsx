// What can be done with several chosen records at once: operations that need nothing but the record, one after the other.
import { Button, Group, List, Modal, Progress, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isGrave, type OperationEntry, present, type RegisterEntry, verbOf } from "../catalogue.ts";
import { asProblem, newKey, runOperation } from "../client.ts";
import type { Row } from "../kit/operation.ts";
import { Says } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";

const needsOnlyTheRecord = (operation: OperationEntry): boolean =>
  Boolean(operation.target) &&
  !/^(update|change|edit|correct|revise)/.test(verbOf(operation.name)) &&
  (present(operation.input).required ?? []).every((field) => field === operation.target);

interface Course {
  readonly operation: OperationEntry;
  readonly of: number;
  readonly done: number;
  readonly refused: readonly { readonly label: string; readonly why: string }[];
  readonly over: boolean;
}

function useCourse(register: RegisterEntry, rows: readonly Row[]) {
  const client = useQueryClient();
  const [course, setCourse] = useState<Course>();
  const start = async (operation: OperationEntry): Promise<void> => {
    let now: Course = { operation, of: rows.length, done: 0, refused: [], over: false };
    setCourse(now);
    for (const row of rows) {
      try {
        await runOperation(operation, { [operation.target!]: row.id }, { key: newKey() });
        now = { ...now, done: now.done + 1 };
      } catch (error) {
        const problem = asProblem(error);
        now = { ...now, refused: [...now.refused, { label: String(row[register.label] ?? row.id), why: problem.detail || problem.title }] };
      }
      setCourse(now);
    }
    setCourse({ ...now, over: true });
    await client.invalidateQueries({ queryKey: ["operation"] });
  };
  return { course, start, leave: () => setCourse(undefined) };
}

export function BulkBar({ register, rows, onClear }: { register: RegisterEntry; rows: readonly Row[]; onClear: () => void }) {
  const catalogue = useCatalogue();
  const { course, start, leave } = useCourse(register, rows);
  const offered = catalogue.operations
    .filter((one) => one.kind === "write" && one.on === register.name && needsOnlyTheRecord(one))
    .slice(0, 6);
  return (
    <div className="hw-bulk" role="region" aria-label={text.bulk.label}>
      <Text size="sm" fw={600}>
        {text.bulk.chosen(rows.length)}
      </Text>
      <Group gap="xs">
        {offered.map((operation) => (
          <Button
            key={operation.name}
            variant="default"
            color={isGrave(operation.name) ? "red" : undefined}
            onClick={() => void start(operation)}
          >
            {operation.title}
          </Button>
        ))}
        {offered.length === 0 && (
          <Text size="sm" c="dimmed">
            {text.bulk.nothing}
          </Text>
        )}
        <Button variant="subtle" color="gray" onClick={onClear}>
          {text.bulk.clear}
        </Button>
      </Group>
      <Modal
        opened={Boolean(course)}
        onClose={leave}
        withCloseButton={course?.over}
        closeOnEscape={course?.over}
        closeOnClickOutside={false}
        title={course?.operation.title}
      >
        {course && <CourseShown course={course} onClose={leave} />}
      </Modal>
    </div>
  );
}

function CourseShown({ course, onClose }: { course: Course; onClose: () => void }) {
  const gone = course.done + course.refused.length;
  return (
    <div className="hw-output">
      <Progress value={(gone / Math.max(1, course.of)) * 100} aria-label={course.operation.title} />
      <p role="status">{text.bulk.progress(course.done, course.refused.length, course.of)}</p>
      {course.refused.length > 0 && (
        <List size="sm" spacing={4}>
          {course.refused.map((one) => (
            <List.Item key={one.label}>
              <strong>{one.label}</strong>: <Says words={one.why} />
            </List.Item>
          ))}
        </List>
      )}
      {course.over && (
        <Group justify="flex-end">
          <Button onClick={onClose}>{text.close}</Button>
        </Group>
      )}
    </div>
  );
}
