// Holds the key of a reader's own data over a reload of this tab, and gives it back once.
const NAME = "infarct-volume-explorer own data"
// Says to the server, before it draws anything, that a tab of this browser may hold a key; no more.
const FLAG = "infarct_volume_explorer_holds_a_file"
const KEPT_S = 1800
let given = false

function flag(seconds) {
  document.cookie = `${FLAG}=1; path=/; SameSite=Strict; max-age=${seconds}`
}

export default function (component) {
  const { data, setTriggerValue } = component
  try {
    if (data.key) {
      sessionStorage.setItem(NAME, data.key)
      flag(KEPT_S)
      given = true
      return
    }
    if (data.dropped) {
      sessionStorage.removeItem(NAME)
      flag(0)
    }
    const key = sessionStorage.getItem(NAME)
    if ((key || data.awaited) && !given) {
      given = true
      setTriggerValue("key", key || "none")
    }
  } catch {
    // A browser that has no storage forgets on reload, as every browser once did.
    if (data.awaited) setTriggerValue("key", "none")
  }
}
