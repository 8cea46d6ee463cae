"""A blank page with the screens, and a host that answers nothing: for measuring paint."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.benchmarks._bench import ROOT, BrokenBenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

STATIC = ROOT / "aml_magics" / "widgets" / "static"
PAGE = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="screens.css">
<body style="margin: 8px; background: #fff"><script type="module">
const screens = {};
for (const kind of ['run', 'runs', 'models', 'model', 'services', 'service', 'sweep', 'pipeline']) {
  screens[kind] = await (await import(`./${kind}.js`)).load();
}
const listeners = [];
const never = new Promise(() => undefined);
const host = {
  t: (text, ...values) => text.replace(/%(\\d)/g, (_, place) => values[place - 1]),
  workspace: 'w',
  ask: () => never,
  embed: () => ({ dispose: () => undefined }),
  follow(kind, subject, token, listener) {
    listeners.push(listener);
    listener.link('live');
    return { stop: () => undefined };
  }
};
const frame = () => new Promise(done => requestAnimationFrame(() => done()));
// Two frames later the pixels of the first are on the screen.
const painted = async isThere => {
  for (let frames = 0; frames < 600; frames += 1) {
    await frame();
    if (isThere()) { await frame(); return performance.now(); }
  }
  throw new Error('nothing was painted in 600 frames');
};
let parent;
window.mount = async (kind, snapshot, wanted) => {
  parent?.remove();
  listeners.length = 0;
  parent = document.createElement('div');
  document.body.append(parent);
  await frame();
  await frame();
  const began = performance.now();
  screens[kind].mount(parent, snapshot, host);
  const done = await painted(() => parent.querySelectorAll(wanted).length > 0);
  checkInk();
  return done - began;
};
// The time counts only where curves are on the canvases.
const checkInk = () => {
  for (const canvas of parent.querySelectorAll('canvas')) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    if (data.every(value => value === 0)) { throw new Error('a canvas is blank'); }
  }
};
window.showAll = async ([count, wanted]) => {
  const more = [...parent.querySelectorAll('[aria-label=Curves] button')].find(one => /more/.test(one.textContent));
  const began = performance.now();
  more?.click();
  const done = await painted(() => parent.querySelectorAll(wanted).length >= count);
  checkInk();
  return done - began;
};
window.tell = async event => {
  const began = performance.now();
  for (const listener of listeners) { listener.event(event); }
  await frame();
  await frame();
  return performance.now() - began;
};
window.scrolled = async (selector, row, steps) => {
  const moved = parent.querySelector(selector);
  let blank = 0;
  let slowest = 0;
  for (let step = 1; step <= steps; step += 1) {
    const began = performance.now();
    moved.scrollTop = (moved.scrollHeight - moved.clientHeight) * step / steps;
    await frame();
    await frame();
    slowest = Math.max(slowest, performance.now() - began);
    const box = moved.getBoundingClientRect();
    const middle = document.elementFromPoint(box.left + 40, (box.top + Math.min(box.bottom, innerHeight)) / 2);
    if (!middle?.closest(row)?.textContent) { blank += 1; }
  }
  return { blank, slowest };
};
window.isReady = true;
</script>"""


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        content = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def screen_page() -> Iterator[Page]:
    """A page in which ``mount(kind, snapshot, wanted)`` gives milliseconds until `wanted` is on the screen.

    Raises:
        BrokenBenchmarkError: the front end is not built.
    """
    from playwright.sync_api import sync_playwright

    from tests.fixtures.chromium import MILLISECONDS, launch

    if not (STATIC / "run.js").is_file():
        raise BrokenBenchmarkError("the front end is not built: `npm run build` in labextension")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(MILLISECONDS)
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.wait_for_function("window.isReady")
            yield page
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
