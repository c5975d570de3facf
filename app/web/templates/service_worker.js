// Without a connection: a page that says so, and the look of it. Never a page of a person.
// The name of the cache holds a hash of what is in it, so a new release replaces this worker.
const CACHE = {{ cache | tojson }};
const OFFLINE_PAGE = {{ page | tojson }};
const FILES = {{ files | tojson }};

self.addEventListener("install", (event) => {
  // Without cookies, so that what is kept is nobody's.
  const asked = [OFFLINE_PAGE, ...FILES].map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE_PAGE)));
  } else if (FILES.includes(new URL(request.url).pathname + new URL(request.url).search)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
