"""A file of a shop, from its upload to its undoing; in both languages."""
import re
from pathlib import Path

from playwright.sync_api import expect

from house import House
from people import LIMIT, Agent

FILES = Path(__file__).resolve().parent.parent / "Fixtures" / "exchange"


def at(stage, house, path="/exchange", language=None):
    boss = stage.person(Agent, house, "老板").sign_in("laoban")
    if language:
        boss.page.evaluate("language => localStorage.setItem('qinke.language', language)", language)
    boss.page.goto(boss.line.address + path)
    expect(boss.page.locator("#set-title")).to_be_visible()
    return boss


def bring(page, name):
    page.locator("#exchange-file").set_input_files(str(FILES / name))
    page.wait_for_url(re.compile(r"/exchange/\d+"))
    expect(page.locator("h1")).to_contain_text(name)


def tally(page, name, count):
    expect(page.locator(f"[data-tally={name}]")).to_have_text(str(count), timeout=LIMIT)


def test_an_order_report_goes_through_its_dry_run_in_and_out_again(stage):
    with House() as house:
        boss = at(stage, house)
        page = boss.page
        bring(page, "taobao-orders.gbk.csv")
        expect(page.get_by_text("淘宝/天猫订单报表").first).to_be_visible()
        expect(page.get_by_text("GB18030")).to_be_visible()
        boss.axe("a file that was brought")
        page.get_by_role("button", name="预检", exact=True).click()
        tally(page, "rows", 5)
        tally(page, "made", 5)
        tally(page, "faults", 0)
        expect(page.get_by_role("button", name="撤销这一批")).to_have_count(0)
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.locator("h1 .tag")).to_have_text("已导入", timeout=LIMIT)
        tally(page, "made", 5)
        boss.axe("a file that is in")

        # The same file again changes nothing.
        page.get_by_role("link", name="全部导入记录").click()
        bring(page, "taobao-orders.gbk.csv")
        page.get_by_role("button", name="预检", exact=True).click()
        tally(page, "same", 5)
        tally(page, "made", 0)
        page.get_by_role("button", name="删除记录").click()
        page.locator("dialog[open]").get_by_role("button", name="删除记录").click()
        page.wait_for_url(re.compile(r"/exchange$"))

        page.locator(".exchange-batch").first.click()
        page.get_by_role("button", name="撤销这一批").click()
        page.locator("dialog[open]").get_by_role("button", name="撤销这一批").click()
        expect(page.locator("h1 .tag")).to_have_text("已撤销", timeout=LIMIT)
        page.goto(boss.line.address + "/settings/audit")
        expect(page.get_by_text(re.compile("导入了 taobao-orders.gbk.csv：5 行")).first).to_be_visible()


def test_faults_are_told_in_english_and_a_table_of_ones_own_is_mapped(stage):
    with House() as house:
        boss = at(stage, house, language="en")
        page = boss.page
        bring(page, "orders.faults.csv")
        page.get_by_role("button", name="Dry run", exact=True).click()
        tally(page, "faults", 4)
        tally(page, "made", 2)
        expect(page.get_by_text("A spreadsheet rounded this number").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download all faults (CSV)").click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "Not an amount of money" in text and len(text.splitlines()) == 6, text

        page.goto(boss.line.address + "/exchange")
        bring(page, "offline-orders.xlsx")
        page.get_by_label('What "单号" becomes').select_option(label="Order number")
        page.get_by_role("button", name="Keep this choice").click()
        page.get_by_role("button", name="Dry run", exact=True).click()
        tally(page, "made", 2)
        boss.axe("the columns of a file")


def test_who_may_not_import_sees_no_way_there(stage):
    with House() as house:
        agent = stage.person(Agent, house, "青柠").sign_in("ning")
        expect(agent.page.locator(".bar-nav a[href='/exchange']")).to_have_count(0)
        status, answer, _ = house.call("GET", "/v1/exchange/batches", headers=house.sign_in("ning"))
        assert status == 403 and answer["error"]["code"] == "permission.missing", (status, answer)
