// A barcode gun types wherever the focus is, whatever an input method makes of its keys, and ends with Enter or Tab.
const GUN_GAP = 130; // Milliseconds; guns need up to 100 between two keys, hands mostly more.
const GUN_LENGTH = 10;

let burst = "";
let lastKeyAt = -Infinity;

// An input method hides the character of a key ("Process"), but never which key it was.
function digitOf(event) {
  const shown = event.key.length === 1 ? event.key.normalize("NFKC") : "";
  if (/^[0-9]$/.test(shown)) return shown;
  return /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? "";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const isFast = event.timeStamp - lastKeyAt <= GUN_GAP;
  lastKeyAt = event.timeStamp;
  if (["Enter", "NumpadEnter", "Tab"].includes(event.code) || event.key === "Enter") {
    const scan = isFast ? burst : "";
    burst = "";
    if (scan.length < GUN_LENGTH) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("door:scanned", { detail: scan }));
  } else {
    burst = (isFast ? burst : "") + digitOf(event);
  }
}, true);
