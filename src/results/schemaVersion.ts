/** Number of the contract that journals and CSVs keep to (docs/results.md). */
export const schemaVersion = 1;
