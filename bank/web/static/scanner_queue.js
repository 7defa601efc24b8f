// What was scanned and not yet answered, kept on this device so that it outlives a reload and a restart. No names are in it.
const Queue = {
  base: null,

  open() {
    this.base ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("door", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("scans", { keyPath: "nonce" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return this.base;
  },

  // Resolves when the browser has it on its disk, not before.
  async change(deed) {
    const base = await this.open();
    return new Promise((resolve, reject) => {
      const work = base.transaction("scans", "readwrite", { durability: "strict" });
      deed(work.objectStore("scans"));
      work.oncomplete = () => resolve();
      work.onerror = work.onabort = () => reject(work.error);
    });
  },

  add(scan) {
    return this.change((store) => store.add(scan));
  },

  drop(nonces) {
    return this.change((store) => nonces.forEach((each) => store.delete(each)));
  },

  async all(most) {
    const base = await this.open();
    return new Promise((resolve, reject) => {
      const asked = base.transaction("scans").objectStore("scans").getAll(null, most);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  },

  async count() {
    const base = await this.open();
    return new Promise((resolve, reject) => {
      const asked = base.transaction("scans").objectStore("scans").count();
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  },
};
