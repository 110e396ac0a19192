# Journal entries and customer invoices in Tryton 6.0, made and posted by its own Python interface in one process, as fast as it will.
# Run by Debian's interpreter: /usr/bin/python3 tryton.py HOST PORT USER DATABASE prepare | entries COUNT EACH | invoices COUNT EACH [PRINT]
# COUNT of them, EACH so many in one database transaction; prints one line, {"count": …, "seconds": …}.
import datetime
import json
import sys
import time
from decimal import Decimal
from urllib.parse import quote

from trytond.config import config

host, port, user, database, command, *given = sys.argv[1:]
config.set("database", "uri", f"postgresql://{user}@{quote(host, safe='')}:{port}/")

# These read the address when they are imported.
from trytond import backend  # noqa: E402
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

modules = ["account", "account_invoice"]
customers = 100
accounts = 500
admin = 1


def make_schema():
    """Twice, because only a database with the base module knows that there are others."""
    backend.Database(database).connect().init()
    Pool.start()
    Pool(database).init(update=["res", "ir"], lang=["en"])
    with Transaction().start(database, 0):
        Pool(database).get("ir.module").update_list()
    Pool(database).init(update=modules, lang=["en"], activatedeps=True)


def create(model, **values):
    (record,) = Pool().get(model).create([values])
    return record


def one(model, *domain):
    return Pool().get(model).search(list(domain), limit=1)[0]


def make_company():
    euro = create("currency.currency", name="Euro", symbol="€", code="EUR", rates=[("create", [{"rate": Decimal(1)}])])
    company = create("company.company", party=create("party.party", name="Bench").id, currency=euro.id)
    person = Pool().get("res.user")(admin)
    Pool().get("res.user").write([person], {"companies": [("add", [company.id])], "company": company.id})
    return company


def make_chart(company):
    wizard = Pool().get("account.create_chart", type="wizard")
    session, _, _ = wizard.create()
    template = one("account.account.template", ("parent", "=", None))
    answered = {"account": {"company": company.id, "account_template": template.id}}
    wizard.execute(session, answered, "create_account")
    answered["properties"] = {
        "company": company.id,
        "account_receivable": one("account.account", ("type.receivable", "=", True)).id,
        "account_payable": one("account.account", ("type.payable", "=", True)).id,
    }
    wizard.execute(session, answered, "create_properties")


def make_bench_accounts():
    """Like the books of our own benches: half of them are debited, half are credited."""
    kinds = [one("account.account", ("type.expense", "=", True)), one("account.account", ("type.revenue", "=", True))]
    Pool().get("account.account").create(
        [
            {"code": f"B{index:03}", "name": f"Bench account {index}", "type": kind.type.id, "parent": kind.parent.id}
            for half, kind in enumerate(kinds)
            for index in range(half * accounts // 2, (half + 1) * accounts // 2)
        ]
    )


def make_year(company):
    known = Pool().get("ir.model.data")
    of_entries = known.get_id("account", "sequence_type_account_move")
    of_invoices = known.get_id("account_invoice", "sequence_type_account_invoice")
    entries = create("ir.sequence", name="Entries", sequence_type=of_entries, company=company.id)
    invoices = create("ir.sequence.strict", name="Invoices", sequence_type=of_invoices, company=company.id)
    numbers = ["out_invoice_sequence", "in_invoice_sequence", "out_credit_note_sequence", "in_credit_note_sequence"]
    year = create(
        "account.fiscalyear",
        name="2026",
        company=company.id,
        start_date=datetime.date(2026, 1, 1),
        end_date=datetime.date(2026, 12, 31),
        post_move_sequence=entries.id,
        invoice_sequences=[("create", [{"company": company.id, **dict.fromkeys(numbers, invoices.id)}])],
    )
    Pool().get("account.fiscalyear").create_period([year])


def make_terms(company):
    account = one("account.account", ("name", "=", "Main Tax")).id
    tax = {"type": "percentage", "rate": Decimal("0.2"), "invoice_account": account, "credit_note_account": account}
    create("account.tax", name="VAT", description="VAT 20 %", company=company.id, **tax)
    line = {"type": "remainder", "relativedeltas": [("create", [{"days": 30}])]}
    create("account.invoice.payment_term", name="30 days", lines=[("create", [line])])
    address = [("create", [{"street": "Main street 1", "city": "Vienna"}])]
    Pool().get("party.party").create([{"name": f"Customer {index}", "addresses": address} for index in range(customers)])


def prepare():
    make_schema()
    with Transaction().start(database, admin):
        company = make_company()
    with at_work():
        make_chart(company)
    with at_work():
        make_bench_accounts()
        make_year(company)
        make_terms(company)
    with Transaction().start(database, 0) as transaction:
        transaction.connection.cursor().execute("ANALYZE")


def at_work():
    """A database transaction as a person of the company begins it, all questions answered with yes."""
    transaction = Transaction().start(database, admin)
    transaction.context = {**Pool().get("res.user").get_preferences(context_only=True), "_skip_warnings": True}
    return transaction


def entry_maker():
    """What does not change is looked up once, before time is taken."""
    journal = one("account.journal", ("type", "=", "general")).id
    known = [account.id for account in Pool().get("account.account").search([("code", "like", "B%")], order=[("code", "ASC")])]
    periods = [period.id for period in Pool().get("account.period").search([], order=[("start_date", "ASC")])]
    entry = Pool().get("account.move")

    def values(index):
        month, day, half = index % 12, 1 + index % 28, accounts // 2
        amount = Decimal(1 + index * 7919 % 100_000) / 100
        lines = [
            {"account": known[index * 31 % half], "debit": amount, "credit": Decimal(0)},
            {"account": known[half + index * 17 % half], "debit": Decimal(0), "credit": amount},
        ]
        date = datetime.date(2026, 1 + month, day)
        return {"journal": journal, "period": periods[month], "date": date, "lines": [("create", lines)]}

    return lambda indexes: entry.post(entry.create([values(index) for index in indexes]))


def invoice_maker(prints):
    invoice = Pool().get("account.invoice")
    if not prints:
        # As shipped, posting renders each invoice as a document and keeps it; ours are rendered when somebody asks for one.
        invoice.print_invoice = lambda self: None
    parties = Pool().get("party.party").search([("name", "like", "Customer %")])
    known = [(party.id, party.addresses[0].id) for party in parties]
    euro = one("currency.currency", ("code", "=", "EUR")).id
    shared = {
        "type": "out",
        "currency": euro,
        "account": one("account.account", ("type.receivable", "=", True)).id,
        "journal": one("account.journal", ("type", "=", "revenue")).id,
        "payment_term": one("account.invoice.payment_term").id,
        # One day for all, because numbers of an earlier day may not follow those of a later one.
        "invoice_date": datetime.date(2026, 6, 15),
    }
    revenue = one("account.account", ("name", "=", "Main Revenue")).id
    tax = one("account.tax").id

    def values(index):
        party, address = known[index % customers]
        line = {
            "type": "line",
            "currency": euro,
            "account": revenue,
            "description": "Advice",
            "quantity": 1 + index % 9,
            "unit_price": Decimal(100 + index * 7919 % 50_000) / 100,
            "taxes": [("add", [tax])],
        }
        return {**shared, "party": party, "invoice_address": address, "lines": [("create", [line])]}

    # Named one by one, because records that were made together are read together at every change: half the speed at a hundred.
    return lambda indexes: invoice.post([invoice(made.id) for made in invoice.create([values(index) for index in indexes])])


def measure(maker, count, each):
    Pool.start()
    Pool(database).init()
    with at_work():
        make = maker()
    # Code, plans and Tryton's own caches are warm before time is taken.
    for index in range(5):
        with at_work():
            make([index])
    began = time.perf_counter()
    for first in range(0, count, each):
        with at_work():
            make(range(first, min(first + each, count)))
    print(json.dumps({"count": count, "seconds": time.perf_counter() - began}))


if command == "prepare":
    prepare()
elif command == "entries":
    measure(entry_maker, int(given[0]), int(given[1]))
else:
    measure(lambda: invoice_maker(given[2:] == ["print"]), int(given[0]), int(given[1]))
