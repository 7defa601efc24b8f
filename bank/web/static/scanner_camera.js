// The live camera, where the browser reads codes by itself; elsewhere a photograph is read by the bank.
const cameraButton = document.querySelector("#camera-button");
const camera = document.querySelector("#camera");
let stream = null;

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  cameraButton.hidden = false;
  cameraButton.addEventListener("click", () => (stream ? stopCamera() : startCamera()));
}

async function startCamera() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    cameraButton.hidden = true; // Not allowed, or there is none: the photograph stays.
    return;
  }
  camera.srcObject = stream;
  camera.hidden = false;
  await camera.play();
  look(new BarcodeDetector({ formats: ["qr_code", "code_128"] }));
}

function stopCamera() {
  stream.getTracks().forEach((each) => each.stop());
  stream = null;
  camera.hidden = true;
}

async function look(detector) {
  if (!stream) return;
  try {
    for (const each of await detector.detect(camera)) {
      document.dispatchEvent(new CustomEvent("door:scanned", { detail: each.rawValue }));
    }
  } catch {
    // The picture was not there yet.
  }
  setTimeout(() => look(detector), 150);
}
