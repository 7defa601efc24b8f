// The live camera. Some browsers read codes by themselves, some of them only on phones with a certain shop; for all others small grey pictures go to the bank, which reads them
// and keeps none: one at a time, and only while there is a network and somebody looks at this page.
const cameraButton = document.querySelector("#camera-button");
const cameraBox = document.querySelector("#camera-box");
const camera = document.querySelector("#camera");
const FORMATS = ["qr_code", "code_128"];
const FRAME_SIDE = 640; // A code that fills a quarter of the picture is still read.
const FRAME_EVERY = 500;
const DETECT_EVERY = 150;
const FAILURES_MAX = 3;
const frame = document.createElement("canvas");
let stream = null;
let failures = 0;

if (navigator.mediaDevices) {
  cameraButton.hidden = false;
  cameraButton.addEventListener("click", () => (stream ? stopCamera() : startCamera()));
}

async function startCamera() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    cameraButton.hidden = true; // Not allowed, or there is none: the photograph stays.
    document.querySelector("#camera-none").hidden = false;
    return;
  }
  showCamera(true);
  camera.srcObject = stream;
  await camera.play();
  look(stream, await ownDetector());
}

function stopCamera() {
  stream.getTracks().forEach((each) => each.stop());
  stream = null;
  camera.srcObject = null;
  showCamera(false);
}

function showCamera(isOn) {
  cameraBox.hidden = !isOn;
  cameraButton.setAttribute("aria-expanded", String(isOn));
}

async function ownDetector() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  return known.includes("qr_code") ? new BarcodeDetector({ formats: FORMATS.filter((each) => known.includes(each)) }) : null;
}

async function look(watched, detector) {
  if (stream !== watched) return;
  const isOwn = detector && failures < FAILURES_MAX;
  for (const text of document.hidden ? [] : await (isOwn ? detect(detector) : askBank())) {
    if (stream === watched) document.dispatchEvent(new CustomEvent("door:scanned", { detail: text }));
  }
  setTimeout(() => look(watched, detector), isOwn ? DETECT_EVERY : FRAME_EVERY);
}

async function detect(detector) {
  try {
    const found = (await detector.detect(camera)).map((each) => each.rawValue);
    failures = 0;
    return found;
  } catch {
    failures += 1; // The picture was not there yet, or what reads codes for the browser is missing on this phone.
    return [];
  }
}

async function askBank() {
  cameraBox.dataset.state = isAway ? "away" : "seeing";
  if (isAway || isLocked || !camera.videoWidth) return [];
  try {
    const answer = await call(door.dataset.frames, {
      method: "POST", body: await takeFrame(), headers: { "Content-Type": "image/jpeg", "X-CSRFToken": token },
    });
    return answer.ok ? (await answer.json()).codes : [];
  } catch {
    isAway = true;
    await showState();
    return [];
  }
}

function takeFrame() {
  const shrink = Math.min(1, FRAME_SIDE / Math.max(camera.videoWidth, camera.videoHeight));
  frame.width = camera.videoWidth * shrink;
  frame.height = camera.videoHeight * shrink;
  const brush = frame.getContext("2d");
  brush.drawImage(camera, 0, 0, frame.width, frame.height);
  brush.globalCompositeOperation = "saturation"; // Takes the colours away, in every browser.
  brush.fillStyle = "gray";
  brush.fillRect(0, 0, frame.width, frame.height);
  return new Promise((resolve) => frame.toBlob(resolve, "image/jpeg", 0.6));
}
