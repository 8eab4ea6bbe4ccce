/** A meter reads what happens around a measurement: it is started before it and stopped after it, and answers a reading. */
export interface Meter<Reading> {
  start(): Promise<StopMeter<Reading>>;
}

/** @param ownMs processor time that the measurement itself took; null where its engine doesn't tell */
export type StopMeter<Reading> = (ownMs: number | null) => Promise<Reading>;
