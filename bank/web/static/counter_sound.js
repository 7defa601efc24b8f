// Short tones for the desk, so that a clerk hears a refusal without looking up; which tone it is, counter.js says by an event.
const TONES = {
  taken: [[1180, 0.05]],
  done: [[880, 0.1], [1320, 0.16]],
  refused: [[240, 0.18], [190, 0.28]],
  away: [[330, 0.14], [260, 0.14], [200, 0.3]],
};
let audio = null;

const isSilent = () => localStorage.getItem("counter-sound") === "off";

function play(name) {
  if (isSilent() || !TONES[name]) return;
  // A browser gives sound only after a first key, so the player is made when it is first needed.
  audio ??= new AudioContext();
  audio.resume();
  let at = audio.currentTime;
  for (const [pitch, seconds] of TONES[name]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    tone.type = name === "refused" || name === "away" ? "square" : "sine";
    volume.gain.setValueAtTime(0.15, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds;
  }
}

function showSwitch() {
  for (const button of document.querySelectorAll(".lane-sound")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(!isSilent()));
  }
}

document.addEventListener("counter:sound", (event) => {
  document.documentElement.dataset.lastSound = event.detail;
  play(event.detail);
});
document.addEventListener("counter:shown", showSwitch);
document.addEventListener("click", (event) => {
  if (!event.target.closest(".lane-sound")) return;
  localStorage.setItem("counter-sound", isSilent() ? "on" : "off");
  showSwitch();
  play("done");
});
showSwitch();
