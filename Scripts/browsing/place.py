"""A home, the program in it, the server, and a browser."""
import http.client
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

UNKNOT = os.environ["UNKNOT"]


def wait(what, check, seconds=60):
    """Until it is so; how long that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            found = check()
        except (StopIteration, WebDriverException):  # a page that is just being drawn anew
            found = None
        if found:
            return time.monotonic() - begun
        time.sleep(0.02)
    raise AssertionError("it did not come: %s; shown is: %s" % (what, [browser.shown() for browser in Browser.all_open]))


class Device:
    """A person's machine: a home of its own."""

    def __init__(self, root, name):
        self.home = "%s/%s" % (root, name)
        os.makedirs(self.home + "/tmp")
        self.server = None
        self.run("init", "--device", name)

    @property
    def environment(self):
        return {"HOME": self.home, "PATH": "/usr/bin:/bin", "TMPDIR": self.home + "/tmp", "TZ": "Europe/Berlin", "TERM": "dumb"}

    def run(self, *words, typing=None, status=(0, 5), timeout=120):
        done = subprocess.run([UNKNOT, *words], env=self.environment, input=typing, capture_output=True, text=True, timeout=timeout)
        assert done.returncode in status, (words, done)
        return done.stdout + done.stderr

    def begin_and_leave(self, *words):
        """Until it has said something, and then Ctrl-C."""
        # Whatever started this may ignore Ctrl-C, as a shell does for what it runs in the background: a terminal does not.
        process = subprocess.Popen(
            [UNKNOT, *words], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        said = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        # Its input stays open: an end of it would end the session.
        process.wait(60)
        return said + process.communicate()[0]

    def digest(self):
        return self.run("sync", "digest").split()[0]

    def serve(self, *words):
        log = open(self.home + "/server.log", "w")
        self.server = subprocess.Popen(
            [UNKNOT, "app", "--port", "0", *words], env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        self.address = self.server.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.address).group(1))
        self.base = "http://127.0.0.1:%d" % self.port
        return self.address

    def kill(self, number=signal.SIGKILL):
        self.server.send_signal(number)
        self.server.wait(30)

    def cookie(self, browser):
        name = "unknot-%d" % self.port
        return "%s=%s" % (name, browser.driver.get_cookie(name)["value"])

    def memory(self):
        with open("/proc/%d/status" % self.server.pid) as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def ask(self, path, method="GET", headers=None, body=None, cookie=None, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or "127.0.0.1:%d" % self.port)
        if cookie:
            connection.putheader("Cookie", cookie)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data


class Browser:
    # For what a failure says.
    all_open = []

    def __init__(self, scripts=True):
        options = Options()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--autoplay-policy=no-user-gesture-required"]:
            options.add_argument(argument)
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_page_load_timeout(60)
        Browser.all_open.append(self)

    def shown(self):
        return "%s %s" % (self.driver.current_url, self.text())

    def look(self, width, dark, height=844):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def open(self, address):
        self.driver.get(address)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def tap(self, element):
        """Where it can be seen: the bar at the bottom lies over what is at the edge."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def press(self, words, selector):
        """What begins with these words. The page may be drawn anew at any moment: then it is looked for again."""
        def press():
            found = next(e for e in self.all(selector) if e.is_displayed() and e.text.startswith(words))
            self.tap(found)
            return True
        wait("%s %s" % (selector, words), press)

    def read(self, selector, name):
        """A property of an element, in one step: between two, the page may be drawn anew. None: there is no such element."""
        return self.driver.execute_script(
            "const found = document.querySelector(arguments[0]); return found ? found[arguments[1]] : null", selector, name)

    def text(self, selector="main"):
        return self.read(selector, "innerText") or ""

    def close(self):
        Browser.all_open.remove(self)
        self.driver.quit()


class Root:
    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="unknot-browsing-")
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
