// How long payroll keeps what it holds about someone.
import type { Keeping } from "../../platform/operation/keeping.ts";

export const payrollKeeps: readonly Keeping[] = [
  {
    name: "payroll.pay",
    title: "Pay",
    law: "Payslips are vouchers of the books: eight years from the end of the year (AO § 147(3), HGB § 257(4)).",
    months: 96,
    from: "yearEnd",
    tables: {
      "payroll.payslip": {
        person: "person_id",
        ended: "(select r.pay_day from payroll.run r where r.tenant_id = t.tenant_id and r.id = t.run_id)",
        erases: ["bank_account"],
        files: ["file_id"],
      },
      "payroll.enrolment": {
        person: "person_id",
        ended: `case when not upper_inf(t.during) then upper(t.during) - 1 else (select upper(e.during) - 1 from people.employment e
          where e.tenant_id = t.tenant_id and e.id = t.employment_id) end`,
        erases: ["bank_account"],
      },
    },
  },
];
