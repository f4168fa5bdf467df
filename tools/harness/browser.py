"""A headless Chromium, driven by the WebDriver protocol: what the tests of the page and tools/screenshots look through."""

import base64
import json
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from harness.engine import Failed, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name that the protocol gives to references
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Left": "\ue012",
    "Right": "\ue014",
    "End": "\ue010",
    "Home": "\ue011",
    "Space": " ",
}
# Tests may not wait an hour: the page's timers run this much faster, nothing else does.
HASTE = """
const setTimeoutBefore = window.setTimeout;
window.setTimeout = (call, wait, ...rest) => setTimeoutBefore(call, (wait ?? 0) / %d, ...rest);
"""


class Browser:
    """One window with a profile of its own, which is gone afterwards."""

    def __init__(self, size=(1280, 900), dark=False, haste=1, dense=1):
        self.profile = tempfile.TemporaryDirectory(prefix="sluice-browser-", ignore_cleanup_errors=True)
        self.log = open(Path(self.profile.name) / "driver.log", "wb+")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=self.log, stderr=self.log)
        try:
            self.address = "http://127.0.0.1:" + str(wait_until(self._port, "chromedriver tells its port"))
            self._open(size, dense)
            self.emulate(dark)
            self.cdp("Network.enable")
            if haste > 1:
                self.cdp("Page.addScriptToEvaluateOnNewDocument", source=HASTE % haste)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if hasattr(self, "session"):
            try:
                self._ask("DELETE", "")
            except (Failed, OSError):
                pass  # it is ended anyway
        self.driver.terminate()
        self.driver.wait()
        self.log.close()
        self.profile.cleanup()

    def _port(self):
        found = re.search(rb"successfully on port (\d+)", Path(self.log.name).read_bytes())
        return found and int(found.group(1))

    def _open(self, size, dense):
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            f"--user-data-dir={self.profile.name}/profile",
            f"--force-device-scale-factor={dense}",
            f"--window-size={size[0]},{size[1]}",
        ]
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        request = {"capabilities": {"alwaysMatch": wanted}}
        self.session = self._send("POST", f"{self.address}/session", request)["sessionId"]
        self.resize(size, dense)

    def _ask(self, method, path, body=None):
        return self._send(method, f"{self.address}/session/{self.session}{path}", body)

    @staticmethod
    def _send(method, url, body):
        request = urllib.request.Request(
            url,
            None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=120) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(f"the browser refuses {url}: {json.load(error)['value']['message']}") from None

    def cdp(self, command, **parameters):
        """Chromium's own protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, size, dense=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=dense, mobile=False)

    def emulate(self, dark):
        self.cdp(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        )

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    def evaluate(self, expression, *arguments):
        """The value of an expression of JavaScript; the arguments are a[0], a[1] …"""
        return self._ask(
            "POST", "/execute/sync", {"script": f"const a = arguments; return ({expression});", "args": list(arguments)}
        )

    def text(self, selector):
        return self.evaluate("document.querySelector(a[0])?.textContent ?? null", selector)

    def visible(self, selector):
        return self.evaluate("document.querySelector(a[0])?.checkVisibility() ?? false", selector)

    def click(self, selector):
        element = self._ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._ask("POST", f"/element/{element}/click", {})

    def press(self, *keys, shift=False):
        strokes = [
            stroke
            for key in keys
            for stroke in ({"type": "keyDown", "value": KEYS.get(key, key)}, {"type": "keyUp", "value": KEYS.get(key, key)})
        ]
        if shift:
            strokes = [{"type": "keyDown", "value": "\ue008"}, *strokes, {"type": "keyUp", "value": "\ue008"}]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def type(self, text):
        self.press(*text)

    def console(self):
        """What was written to the console since the last call."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """The addresses that were asked for since the last call."""
        entries = [
            json.loads(entry["message"])["message"] for entry in self._ask("POST", "/se/log", {"type": "performance"})
        ]
        return [entry["params"]["request"]["url"] for entry in entries if entry["method"] == "Network.requestWillBeSent"]

    def memory(self):
        """Bytes of the page's heap and its nodes, after what nobody refers to is gone."""
        self.cdp("HeapProfiler.collectGarbage")
        self.cdp("Performance.enable")
        figures = {one["name"]: one["value"] for one in self.cdp("Performance.getMetrics")["metrics"]}
        return figures["JSHeapUsedSize"], figures["Nodes"]

    def picture(self, path, whole=False):
        """A PNG of the window, or of the whole page."""
        shot = self.cdp(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole, **({"clip": self._whole()} if whole else {})
        )
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def _whole(self):
        size = self.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        return {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
