// Keeps the organizer's table on the device, so that it opens without a network. It keeps nothing but that page and its files.
const SHELF = "door-1";
const PATIENCE = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { page, files } = event.data;
  event.waitUntil(keep(page, files).then(() => event.source.postMessage("kept")));
});

async function keep(page, files) {
  const shelf = await caches.open(SHELF);
  await Promise.all([keepPage(shelf, page), ...files.map((each) => keepFile(shelf, each))]);
}

async function keepPage(shelf, page) {
  const answer = await fetch(page, { redirect: "manual", cache: "no-store" });
  if (answer.ok) await shelf.put(page, answer);
}

async function keepFile(shelf, file) {
  if (!(await shelf.match(file))) await shelf.add(file);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && /^\/door\/[0-9]+$/.test(pathname)) event.respondWith(openPage(request, pathname));
  else if (/\/static\//.test(pathname)) event.respondWith(openFile(request));
});

// The network first, so that nobody works with yesterday's page; the kept one when there is none.
async function openPage(request, pathname) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return (await (await caches.open(SHELF)).match(pathname)) ?? Response.error();
  }
}

async function openFile(request) {
  return (await (await caches.open(SHELF)).match(request)) ?? fetch(request);
}
