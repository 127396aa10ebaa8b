// Holds the key of a reader's own data over a reload of this tab, and gives it back once.
const NAME = "infarct-volume-explorer own data"
let given = false

export default function (component) {
  const { data, setTriggerValue } = component
  try {
    if (data.key) {
      sessionStorage.setItem(NAME, data.key)
      given = true
      return
    }
    if (data.dropped) sessionStorage.removeItem(NAME)
    const key = sessionStorage.getItem(NAME)
    if (key && !given) {
      given = true
      setTriggerValue("key", key)
    }
  } catch {
    // A browser that has no storage forgets on reload, as every browser once did.
  }
}
