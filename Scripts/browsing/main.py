"""What `Scripts/check-app` does, one part after the other."""
import argparse
import collections
import concurrent.futures
import datetime
import json
import os
import re
import socket
import time

from axe_selenium_python import Axe
from selenium.webdriver.common.action_chains import ActionChains
from place import Browser, Device, Root, UNKNOT, wait

PAGES = [
    "", "session", "body", "body?site=knee", "journal", "more", "plan", "report/week", "report/trend", "report/effect",
    "report/targets", "report/adherence", "report/bodymap", "report/episode", "report/quality", "report/clinician", "conflicts",
    "devices", "profile", "safekeeping", "safekeeping?compare=yes", "check", "week", "duplicates", "files", "journal?q=pain",
]
SAYS = print


def pages(browser, device, folder, *words):
    """Every page: for eyes of any kind, at any width, light and dark, and nothing that the browser complains of."""
    record = device.run("list", "pain", "--limit", "1", "--format", "json", *words)
    names = PAGES + ["record/" + re.search(r'"id": ?"([^"]+)"', record).group(1)]
    looked = 0
    looks = [(320, False), (390, True), (1280, False)]
    for width, dark in looks if not folder else [*looks, (390, False), (1280, True)]:
        for name in names:
            browser.look(width, dark)
            browser.open("%s/%s" % (device.base, name))
            wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (name, width, wide)
            small = browser.driver.execute_script(
                "return [...document.querySelectorAll('button,nav a,summary,select,.button,.place')].filter(e => e.offsetParent && "
                "(e.getBoundingClientRect().height < 43.5)).map(e => e.outerHTML.slice(0, 80))")
            assert not small, (name, width, small)
            axe = Axe(browser.driver)
            axe.inject()
            found = axe.run()
            assert found["passes"], name
            assert not found["violations"], (name, width, dark, [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]])
            looked += 1
            if folder and width in (390, 1280):
                height = browser.driver.execute_script("return document.documentElement.scrollHeight")
                browser.look(width, dark, min(height, 3000))
                browser.driver.save_screenshot(
                    "%s/%s-%d-%s.png" % (folder, re.sub(r"\W", "-", name) or "today", width, "dark" if dark else "light"))
        said = [entry["message"] for entry in browser.driver.get_log("browser")]
        assert not said, said
    SAYS("pages: %d looks (%d pages; 320, 390 and 1280 px; light and dark): no violation of axe, nothing moved aside" % (looked, len(names)))


def pictures(browser, device, folder):
    """The three of the README: one screen of a telephone each, of a made-up year."""
    browser.look(390, False)
    for name, address in [("today", ""), ("body", "body?view=back&tap.x=58&tap.y=179")]:
        browser.open("%s/%s" % (device.base, address))
        browser.driver.save_screenshot("%s/app-%s.png" % (folder, name))
    browser.open(device.base + "/session")
    browser.press("Start", "main button")
    for value, then in [("5", "getReady"), ("next", "pressing")]:
        step(browser, value)
        wait(then, lambda: phase(browser) == then)
    browser.driver.save_screenshot("%s/app-session.png" % folder)


def step(browser, value):
    """Presses a button of the session's page, and waits until it shows something else."""
    before = browser.read("#stage", "innerHTML")
    browser.press("", "#stage button[value='%s']" % value)
    wait("an answer to " + value, lambda: browser.read("#stage", "innerHTML") != before)


def phase(browser):
    return (browser.read("#stage [data-phase]", "dataset") or {}).get("phase")


def day(browser, device):
    """A rating, a session that outlives a killed server, and the terminal that goes on with one."""
    browser.open(device.base + "/")
    browser.press("", "form.scale button[value='6']")
    wait("what was said", lambda: "pain 6" in browser.text("#said"))
    assert "pain 6" in device.run("list", "--limit", "1")
    browser.open(device.base + "/session")
    browser.press("Start", "main button")
    wait("the first question", lambda: phase(browser) == "ratingBefore")
    step(browser, "5")
    wait("getReady", lambda: phase(browser) == "getReady")
    step(browser, "next")
    wait("pressing", lambda: phase(browser) == "pressing")
    left = browser.text("#left")
    wait("the time", lambda: browser.text("#left") != left)
    step(browser, "longer")
    wait("fifteen seconds more", lambda: browser.text("#left") > "1:0")
    browser.driver.refresh()
    wait("pressing", lambda: phase(browser) == "pressing")
    device.kill()
    browser.open(device.serve())
    browser.open(device.base + "/session")
    wait("the same step", lambda: phase(browser) == "pressing" and "step 1 of" in browser.text())
    step(browser, "next")
    wait("tenderAfter", lambda: phase(browser) == "tenderAfter")
    step(browser, "3")
    wait("the second step", lambda: "step 2 of" in browser.text())
    # The page is closed, and the terminal goes on.
    browser.open(device.base + "/more")
    wait("the terminal", lambda: "going on with the session" in device.begin_and_leave("start", "--plain"), 30)
    browser.open(device.base + "/session")
    wait("step 2 again", lambda: "step 2 of" in browser.text())
    browser.press("", ".stopping summary")
    browser.press("electric pain", "#stage button")
    wait("the question", lambda: phase(browser) == "askFinish")
    step(browser, "end")
    wait("the last question", lambda: phase(browser) == "ratingAfter")
    browser.press("", "#stage button[value='4']")
    wait("its record", lambda: "/record/" in browser.driver.current_url and "electric pain" in browser.text())
    browser.open(device.base + "/")
    assert "No ball for now" in browser.text()
    browser.open(device.base + "/check")
    browser.press("", "input[name='none']")
    browser.press("", "main button.main")
    wait("the way is free", lambda: "Start a session" in browser.text())
    SAYS("a day: rated, pressed, killed in the middle, resumed, in the terminal and back, stopped by a sign, checked")


def devices(browser, device, other, root):
    """Two devices, a conflict, a form that was open while a file came in, and files that are damaged."""
    device.run("pain", "4")
    record = re.search(r'"id": ?"([^"]+)"', device.run("list", "pain", "--limit", "1", "--format", "json")).group(1)
    device.run("sync", "export", "--full", "-o", root + "/one.unknot")
    other.run("sync", "import", root + "/one.unknot")
    other.run("edit", record, "score=9")
    device.run("edit", record, "score=2")
    other.run("sync", "export", "--full", "-o", root + "/two.unknot")

    # A file that is cut off changes nothing.
    with open(root + "/two.unknot", "rb") as file:
        whole = file.read()
    before = device.digest()
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        with open(root + "/cut.unknot", "wb") as file:
            file.write(whole[:cut])
        browser.open(device.base + "/devices")
        browser.one("input[type='file']").send_keys(root + "/cut.unknot")
        browser.press("See what is in it", "main button")
        wait("an error", lambda: browser.text("form.drop .answer .alert"))
    assert device.digest() == before

    browser.open(device.base + "/devices")
    browser.one("input[type='file']").send_keys(root + "/two.unknot")
    browser.press("See what is in it", "main button")
    wait("the preview", lambda: "1 new conflict" in browser.text())
    assert device.digest() == before
    browser.press("", "button[value='yes']")
    wait("the import", lambda: "1 conflict to decide" in browser.text("#said"))
    assert not [name for name in os.listdir(device.home + "/tmp") if name.startswith("unknot-app")]
    browser.open(device.base + "/conflicts")
    side = next(s for s in browser.all(".side") if s.find_element("css selector", ".value").text == "9")
    browser.tap(side.find_element("css selector", "button"))
    wait("the decision", lambda: "All devices agree" in browser.text())

    # A form that was opened before an import writes as of what it had shown.
    browser.open("%s/record/%s" % (device.base, record))
    browser.press("Change it", "summary")
    field = browser.one("[name='field.score']")
    field.clear()
    field.send_keys("3")
    device.run("sync", "export", "--full", "-o", root + "/three.unknot")
    other.run("sync", "import", root + "/three.unknot")
    other.run("edit", record, "score=8")
    other.run("sync", "export", "--full", "-o", root + "/four.unknot")
    device.run("sync", "import", root + "/four.unknot")
    wait("news", lambda: browser.all("#news"))
    assert browser.read("[name='field.score']", "value") == "3"
    browser.press("Save", "main button")
    wait("the change", lambda: "Changed" in browser.text("#said"))
    assert "score" in device.run("conflicts") and "8" in device.run("conflicts")
    device.run("resolve", record, "score", "--take", "1")
    # A note of two lines, from memory.
    browser.open(device.base + "/journal")
    browser.press("A rating from memory", "summary")
    form = next(f for f in browser.all("form") if f.get_attribute("action").endswith("/journal/pain"))
    form.find_element("css selector", "select[name='score'] option[value='2']").click()
    form.find_element("css selector", "textarea").send_keys("one line\nand another")
    browser.tap(form.find_element("css selector", "button"))
    wait("what was said", lambda: "pain 2" in browser.text("#said"))
    assert "one line\\nand another" in device.run("list", "pain", "--limit", "1", "--format", "json")
    SAYS("two devices: 4 damaged files refused, a preview, a conflict decided, a form that did not overwrite an import")


def everything_else(browser, device, root):
    """What is needed now and then: a tap on the body, tags, slots, files for other programs and from them, backups."""
    # What was typed stays where it was refused.
    browser.open(device.base + "/journal")
    browser.press("Something else", "summary")
    form = next(f for f in browser.all("form") if f.get_attribute("action").endswith("/journal/factor"))
    form.find_element("css selector", "[name='amount']").send_keys("half a mountain")
    browser.tap(form.find_element("css selector", "button"))
    wait("why", lambda: browser.text("form .answer .alert"))
    assert browser.read("form[action='/journal/factor'] [name='amount']", "value") == "half a mountain"
    assert browser.driver.current_url.endswith("/journal")

    # The left of the low back, from behind.
    browser.open(device.base + "/body")
    browser.driver.execute_script("document.querySelector('input[type=image]').scrollIntoView({block: 'center'})")
    picture = browser.one("input[type='image']")
    ActionChains(browser.driver).move_to_element_with_offset(picture, -12, int(412 * 205 / 471) - 206).click().perform()
    wait("the place", lambda: "low back, left" in browser.text())
    browser.press("7", "#rate form.scale button")
    wait("what was said", lambda: "pain 7, low back (left)" in browser.text("#said"))

    # A slip of the finger.
    browser.open(device.base + "/")
    browser.press("10", "form.scale button")
    wait("what was said", lambda: "pain 10" in browser.text("#said"))
    browser.press("Undo that", "#said button")
    wait("that it is gone", lambda: "Taken back" in browser.text("#said"))
    assert "pain 10" not in device.run("list", "pain", "--limit", "1")
    # A tag, and the words of the record found by it.
    browser.open(device.base + "/journal?q=left")
    browser.press("pain 7", ".records a")
    browser.press("Add a tag", "summary")
    browser.one("[name='tag']").send_keys("garden")
    browser.press("Add it", "main button")
    wait("the tag", lambda: "garden" in browser.text("main .row"))
    browser.open(device.base + "/journal?q=GARDEN+low")
    assert len(browser.all(".records li")) == 1, browser.text()

    # A slot that does not count.
    browser.open(device.base + "/plan")
    browser.press("Not this time", "summary")
    browser.driver.execute_script("document.querySelector('details[open] [name=reason]').value = 'travel'")
    browser.press("It does not count", "details[open] button")
    wait("the slot", lambda: "excused" in browser.text())

    # Out, and in again on a device that has nothing.
    cookie = device.cookie(browser)
    for kind, has in [("as=json", b"unknot-records-1"), ("as=fhir", b"Bundle"), ("as=ics", b"BEGIN:VCALENDAR"), ("as=plan", b"RRULE"), ("table=pain", b"score")]:
        status, headers, data = device.ask("/export?" + kind, cookie=cookie)
        assert status == 200 and has in data and headers["Content-Disposition"].startswith("attachment"), kind
        if kind == "as=json":
            with open(root + "/all.json", "wb") as file:
                file.write(data)
    fresh = Device(root, "fresh")
    other = Browser()
    try:
        other.open(fresh.serve())
        other.open(fresh.base + "/files")
        other.one("input[type='file']").send_keys(root + "/all.json")
        other.press("See what is in it", "main button")
        wait("the preview", lambda: "New here: " in other.text())
        assert "pain" in other.text() and "nothing found" in fresh.run("list", "pain")
        other.press("Take it", "main button")
        wait("the import", lambda: "Added: " in other.text("#said"))
        kinds = [collections.Counter(r["type"] for r in json.loads(d.run("export", "json"))["records"]) for d in (fresh, device)]
        assert kinds[0] == kinds[1], kinds
        # Back to a backup, and forward again.
        other.open(fresh.base + "/safekeeping")
        other.press("Make a backup", "main button")
        wait("the backup", lambda: "was made and checked" in other.text("#said"))
        count = fresh.run("list", "pain", "--format", "csv").count("\n")
        fresh.run("pain", "3")
        other.open(fresh.base + "/safekeeping")
        other.press("Go back to it", "summary")
        other.press("Yes, go back", "details[open] button")
        wait("the journal as it was", lambda: "The journal was restored" in other.text("#said"))
        assert fresh.run("list", "pain", "--format", "csv").count("\n") == count
    finally:
        other.close()
        fresh.kill()
    SAYS("all else: what was typed stays, a tap on the body, a tag, a search, a slot, 5 exports, an import, a backup put back")


def news(browser, device):
    """What the terminal writes is on two open pages."""
    first = browser.driver.current_window_handle
    browser.open(device.base + "/journal")
    browser.driver.switch_to.new_window("tab")
    browser.open(device.base + "/journal")
    took = []
    for number in range(5):
        note = "told by the terminal %d" % number
        device.run("pain", "1", "--note", note)
        took.append(wait("it in this tab", lambda: note in browser.text()))
        browser.driver.switch_to.window(next(h for h in browser.driver.window_handles if h != browser.driver.current_window_handle))
        wait("it in the other", lambda: note in browser.text())
    browser.driver.close()
    browser.driver.switch_to.window(browser.driver.window_handles[0])
    assert first
    SAYS("news: 5 writes of the terminal on two open pages, at the latest after %.2f s" % max(took))


def without_scripts(device):
    browser = Browser(scripts=False)
    try:
        device.kill()
        browser.open(device.serve())
        browser.press("", "form.scale button[value='3']")
        wait("what was said", lambda: "pain 3" in browser.text("#said"))
        browser.open(device.base + "/session")
        browser.press("Start", "main button")
        browser.press("", "button[value='5']")
        wait("get ready", lambda: phase(browser) == "getReady")
        browser.press("", "button[value='next']")
        wait("press", lambda: phase(browser) == "pressing")
        browser.press("Skip", "summary")
        browser.press("", "button[value='finish']")
        wait("the end", lambda: "/record/" in browser.driver.current_url or phase(browser) == "ratingAfter")
        if "/session" in browser.driver.current_url:
            browser.press("", "button[value='4']")
            wait("its record", lambda: "/record/" in browser.driver.current_url)
    finally:
        browser.close()
    SAYS("without scripts: rated, and a session from its first to its last question")


def hostile(browser, device):
    """Nothing in, nothing out, and it still answers."""
    device.run("pain", "2", "--note", "<script>document.title='got in'</script><img src=x onerror=alert(1)>\"'&", "--tag", "x")
    device.kill()
    token = device.serve().split("token=")[1]
    before = device.digest()
    own = "http://127.0.0.1:%d" % device.port
    browser.open(device.address)
    cookie = device.cookie(browser)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": own}
    tries = [
        ("no cookie", 403, dict(path="/")), ("the token again", 403, dict(path="/?token=" + token)),
        ("a wrong token", 403, dict(path="/?token=" + "0" * 64)),
        ("another host", 421, dict(path="/", cookie=cookie, host="evil.example")),
        ("another host's name for this address", 421, dict(path="/", cookie=cookie, host="evil.example:%d" % device.port)),
        ("a post of another site", 403, dict(path="/rate", method="POST", cookie=cookie, body=b"score=9", headers={**form, "Origin": "http://evil.example"})),
        ("a post of nobody", 403, dict(path="/rate", method="POST", cookie=cookie, body=b"score=9", headers={"Content-Type": form["Content-Type"]})),
        ("a post without a cookie", 403, dict(path="/rate", method="POST", body=b"score=9", headers=form)),
        ("text as a form", 400, dict(path="/rate", method="POST", cookie=cookie, body=b"score=9", headers={**form, "Content-Type": "text/plain"})),
        ("no number", 422, dict(path="/rate", method="POST", cookie=cookie, body=b"score=99", headers=form)),
        ("half a character", 400, dict(path="/rate", method="POST", cookie=cookie, body=b"score=%ff", headers=form)),
        ("up the path", 404, dict(path="/../../etc/passwd", cookie=cookie)), ("up the path, hidden", (400, 404), dict(path="/%2e%2e/%2e%2e/etc/passwd", cookie=cookie)),
        ("a slash in a part", (400, 404), dict(path="/record/..%2f..%2fetc%2fpasswd", cookie=cookie)), ("a null", (400, 404), dict(path="/record/%00", cookie=cookie)),
        ("another verb", 400, dict(path="/", method="DELETE", cookie=cookie, headers={"Origin": own})),
        ("a file that was not looked at", 422, dict(path="/devices/import", method="POST", cookie=cookie, body=b"put=../../../../etc&take=yes", headers=form)),
    ]
    for what, status, words in tries:
        got = device.ask(**words)[0]
        assert got in (status if isinstance(status, tuple) else (status,)), (what, got)
    status, headers, data = device.ask("/journal", cookie=cookie)
    assert status == 200 and b"<script>document" not in data and b"onerror=alert(1)>" not in data
    for name, value in [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY")]:
        assert headers[name] == value
    assert "script-src 'self'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
    browser.open(device.base + "/journal")
    assert browser.driver.title != "got in" and "<script>" in browser.text()

    # A gigabyte, said and sent.
    memory = device.memory()
    with socket.create_connection(("127.0.0.1", device.port), timeout=120) as upload:
        head = "POST /devices/preview HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"
        upload.sendall((head % (device.port, own, cookie, 1 << 30)).encode())
        part, sent = b"x" * (1 << 20), 0
        try:
            while sent < 1 << 30:
                upload.sendall(part)
                sent += len(part)
            raise AssertionError("a gigabyte was taken")
        except (BrokenPipeError, ConnectionResetError):
            pass
    grown = device.memory() - memory
    assert grown < 100 << 10, grown
    # Nor a head that never ends.
    with socket.create_connection(("127.0.0.1", device.port), timeout=60) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nX: ")
        try:
            for _ in range(1 << 10):
                endless.sendall(b"x" * (1 << 10))
            assert endless.recv(12) in (b"", b"HTTP/1.1 400")
        except (BrokenPipeError, ConnectionResetError):
            pass
    # Who never ends its request keeps nobody else waiting.
    slow = []
    for _ in range(200):
        connection = socket.create_connection(("127.0.0.1", device.port), timeout=60)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        slow.append(connection)
    assert device.ask("/", cookie=cookie)[0] == 200
    for connection in slow:
        connection.close()
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(lambda _: device.ask("/", cookie=cookie)[0], range(1000)))
    assert set(statuses) == {200}, set(statuses)
    assert device.digest() == before
    SAYS("hostile: %d tries refused, a gigabyte refused after %d MB (%d kB more memory), 200 slow clients, 1,000 requests by 50 at once; nothing changed" % (len(tries), sent >> 20, grown))


def figures(root):
    """Ten years: 20,000 ratings and 4,000 sessions."""
    device = Device(root, "ten-years")
    journal = device.home + "/ten.sqlite"
    device.run("demo", journal, "--days", "3650", timeout=3600)
    # More than the made-up person recorded: three ratings a day, and a session every other day.
    first = datetime.date.today() - datetime.timedelta(days=3640)
    with open(root + "/more.csv", "w") as file:
        file.write("Date,Score,Ball,Where\n")
        for number in range(3640):
            day = first + datetime.timedelta(days=number)
            for hour in (11, 14, 17, 20)[:4 if number % 10 < 3 else 3]:
                file.write("%s %d:00,%d,,low-back/left\n" % (day, hour, (number + hour) % 8))
            if number % 2 == 0:
                file.write("%s 17:30,,60s,\n" % day)
    with open(root + "/more.map", "w") as file:
        file.write("Date = at\nScore = pain\nWhere = site\nBall = bout ql/left:45s@wall\n")
    device.run(
        "import", root + "/more.csv", "--from", "csv", "--map", root + "/more.map", "--yes", "--journal", journal, timeout=600)
    counts = device.run(
        "sql", "SELECT (SELECT count(*) FROM pain), (SELECT count(*) FROM session)", "--journal", device.home + "/ten.sqlite",
        "--format", "csv")
    SAYS("ratings, sessions: " + counts.split()[-1])
    device.serve("--journal", device.home + "/ten.sqlite")
    browser = Browser()
    browser.open(device.address)
    cookie = device.cookie(browser)
    SAYS("%-22s %8s %8s %8s" % ("page", "ms", "kB", "paint ms"))
    for name in PAGES:
        times, size = [], 0
        for _ in range(5):
            begun = time.monotonic()
            _, _, data = device.ask("/" + name, cookie=cookie)
            times.append((time.monotonic() - begun) * 1000)
            size = len(data)
        browser.open("%s/%s" % (device.base, name))
        time.sleep(0.3)
        paint = browser.driver.execute_script(
            "return performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0] || 0")
        SAYS("%-22s %8.0f %8.1f %8.0f" % (name or "today", sorted(times)[2], size / 1000, paint))
    SAYS("memory of the server: %d MB" % (device.memory() >> 10))
    browser.close()
    device.kill()


def drawn(root, folder):
    """Pictures of every page, of a made-up year."""
    device = Device(root, "pictures")
    device.run("demo", device.home + "/year.sqlite", timeout=600)
    browser = Browser()
    try:
        browser.open(device.serve("--journal", device.home + "/year.sqlite"))
        pages(browser, device, folder, "--journal", device.home + "/year.sqlite")
        pictures(browser, device, folder)
    finally:
        browser.close()
        device.kill()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--figures", action="store_true", help="what ten years of data cost, and nothing else")
    parser.add_argument("--pictures", help="a folder for pictures of every page")
    options = parser.parse_args()
    with Root() as root:
        if options.figures:
            return figures(root)
        if options.pictures:
            os.makedirs(options.pictures, exist_ok=True)
            return drawn(root, options.pictures)
        one, two = Device(root, "phone"), Device(root, "laptop")
        one.run("pain", "5", "lb/l", "--note", "a note")
        one.run("log", "-r", "quick")
        one.run("factor", "walk", "20m")
        one.run("plan", "set", "course")
        browser = Browser()
        try:
            browser.open(one.serve())
            cookie = browser.driver.get_cookie("unknot-%d" % one.port)
            assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
            pages(browser, one, None)
            browser.look(390, False)
            day(browser, one)
            devices(browser, one, two, root)
            everything_else(browser, one, root)
            news(browser, one)
            hostile(browser, one)
            without_scripts(one)
        finally:
            browser.close()
            for device in (one, two):
                if device.server and device.server.poll() is None:
                    device.kill()
    SAYS("the app: all of it held")


main()
