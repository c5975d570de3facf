// Writing that never leaves this device: in IndexedDB, sealed with AES-GCM.
//
// The key comes with the page, to nobody but the learner who is signed in, and is kept nowhere here:
// the device has the text and no key, the server has the key and no text.

const STORE = "journal";

export class DeviceJournal {
  #keys;

  // `keys` are (id, base64) pairs, the newest first. What a guest wrote here opens with an older one.
  constructor(keys) {
    this.#keys = new Map(keys.map(([id, raw]) => [id, imported(raw)]));
  }

  // Resolves when it is on disk. `entry` is {id, kind, ...}; all but id and kind is sealed.
  async put({ id, kind, ...what }) {
    const [key, imported] = this.#keys.entries().next().value;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const raw = new TextEncoder().encode(JSON.stringify(what));
    const sealed = await crypto.subtle.encrypt(gcm(iv, id), await imported, raw);
    await run("readwrite", (store) => store.put({ id, kind, key, iv, sealed }));
  }

  // Every entry of a kind that one of the keys opens, the last written first.
  async all(kind) {
    const kept = (await run("readonly", (store) => store.getAll())).filter((row) => row.kind === kind && this.#keys.has(row.key));
    const opened = await Promise.all(kept.map((row) => this.#open(row)));
    return opened.filter(Boolean).sort((a, b) => (a.written < b.written ? 1 : -1));
  }

  async get(id) {
    const row = await run("readonly", (store) => store.get(id));
    return row && this.#keys.has(row.key) ? this.#open(row) : null;
  }

  remove(id) {
    return run("readwrite", (store) => store.delete(id));
  }

  async #open({ id, kind, key, iv, sealed }) {
    try {
      const raw = await crypto.subtle.decrypt(gcm(iv, id), await this.#keys.get(key), sealed);
      return { id, kind, ...JSON.parse(new TextDecoder().decode(raw)) };
    } catch {
      return null;
    }
  }
}

export const canKeep = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);

function imported(raw) {
  const bytes = Uint8Array.from(atob(raw), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// Bound to its id: moved to another place it does not open.
function gcm(iv, id) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
}

async function run(mode, request) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const asked = request(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("haven", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
