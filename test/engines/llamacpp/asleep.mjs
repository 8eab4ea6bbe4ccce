// Imported into the engine's child: its wall clock jumps by an hour within the second repetition, as if the machine slept.
const hourMs = 3_600_000;
const now = Date.now;
let readings = 0;
Date.now = () => {
  // Two readings a repetition, before it and after.
  if (new Error("who asks?").stack?.includes("sleepClock")) readings += 1;
  return now() + (readings >= 4 ? hourMs : 0);
};
