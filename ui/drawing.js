// Draws one figure with the Plotly that the page has already loaded and hands the SVG back.
export default function (component) {
  const { data, parentElement, setStateValue } = component
  const status = parentElement.querySelector("span")
  const drawn = status.dataset.drawn
  if (drawn === data.name) return
  status.dataset.drawn = data.name
  const plotly = window.Plotly
  if (!plotly || !plotly.toImage) {
    status.textContent = "This browser could not draw the figure. Take the HTML file instead."
    return
  }
  status.textContent = "Drawing the figure…"
  const figure = JSON.parse(data.figure)
  const { width, height } = figure.layout
  plotly
    .toImage(
      { data: figure.data, layout: figure.layout },
      { format: "svg", width, height, imageDataOnly: true },
    )
    .then((svg) => {
      status.textContent = ""
      setStateValue("drawing", { name: data.name, svg })
    })
    .catch(() => {
      status.textContent = "This browser could not draw the figure. Take the HTML file instead."
    })
}
