// Shows the top of the page once for every number that it is given.
let last = 0

export default function (component) {
  const { turn } = component.data
  if (turn === last) return
  last = turn
  document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 })
}
