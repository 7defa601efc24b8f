// The service worker. The server puts RELEASE, OFFLINE and FILES in front of it.
// It keeps files that are the same for everybody and the page that says there is no net; it never keeps another page.
const STORE = "files-" + RELEASE;
const OF_ALL = /^\/(static|bootstrap\/static)\//;

self.addEventListener("install", (event) => {
  // Without cookies, so that the page that is kept is nobody's.
  const page = new Request(OFFLINE, { credentials: "omit", cache: "reload" });
  event.waitUntil(
    caches
      .open(STORE)
      .then((store) => store.addAll([page].concat(FILES)))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("files-") && name !== STORE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (OF_ALL.test(url.pathname) && url.search) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
