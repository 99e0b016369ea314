"""Results as SVG: pure functions from values to drawings, in one style. Source: design 3, `render`."""
