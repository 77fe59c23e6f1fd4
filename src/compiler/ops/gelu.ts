import { stringOf } from "./attributes.js";
import { unary } from "./unary.js";

/** Gaussian error linear unit (Hendrycks and Gimpel, 2016). */
export const gelu = unary({
  name: "GELU",
  summary: "x * Phi(x) for each element, where Phi is the normal distribution function.",
  operator: "Gelu",
  arguments: [
    {
      name: "approximate",
      type: "string",
      documentation: 'How Phi is computed: "none" with erf, "tanh" with the usual approximation.',
      default: "none",
      choices: ["none", "tanh"],
    },
  ],
  attributes: (attributes) => ({ approximate: { string: stringOf(attributes, "approximate") } }),
});
