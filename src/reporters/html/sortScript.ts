/**
 * Sorts a table by the column whose heading is pressed. Cells without a value stay last; `data-sort` holds a number
 * where the text isn't one.
 */
export const sortScript = `
for (const table of document.querySelectorAll("table")) {
  const headings = [...table.tHead.rows[0].cells];
  const value = (row, index) => {
    const cell = row.cells[index];
    const sort = cell.dataset.sort ?? cell.textContent.trim();
    if (sort === "") return null;
    return Number.isNaN(Number(sort)) ? sort : Number(sort);
  };
  const order = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  headings.forEach((heading, index) => {
    heading.querySelector("button").addEventListener("click", () => {
      const ascending = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows].sort((one, other) => {
        const a = value(one, index), b = value(other, index);
        if (a === null || b === null) return (a === null) - (b === null);
        return ascending ? order(a, b) : order(b, a);
      });
      table.tBodies[0].append(...rows);
    });
  });
}
`;
