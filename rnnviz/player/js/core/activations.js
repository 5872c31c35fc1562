// The activations, as in activations.py; slopes from the pre-activation, exact where the output is all but 0 or 1.

const MOST = 709; // exp beyond this overflows

const logistic = a => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a)));
// 0 where the engine's own form, (1 + tanh(a / 2)) / 2, is 0: a gate that is closed there is closed here
export const sigmoid = a => (a < 0 && Math.tanh(a / 2) === -1 ? 0 : logistic(a));
// 1 - tanh(a)^2, without the cancellation: 1 / cosh(a)^2
export const tanhSlope = a => (Math.abs(a) > MOST ? 0 : 1 / Math.cosh(a) ** 2);
export const sigmoidSlope = a => logistic(a) * logistic(-a);

// The Elman cell's choices. sign: its letter or word in an equation ("" where it leaves the number as it is); of,
// slope: the function and its derivative; steepest: the derivative's largest value; written: the derivative, h and t
// being symbol and step
export const ACTIVATIONS = {
  tanh: { sign: "tanh", of: Math.tanh, slope: tanhSlope, steepest: 1, written: t => `(1−h²_${t})`, bounded: true },
  sigmoid: { sign: "σ", of: sigmoid, slope: sigmoidSlope, steepest: 0.25, written: t => `h_${t}(1−h_${t})`,
    bounded: true },
  relu: { sign: "relu", of: a => (a > 0 || Number.isNaN(a) ? a : 0), slope: a => (a > 0 ? 1 : 0), steepest: 1,
    written: t => `[a_${t}>0]`, bounded: false },
  linear: { sign: "", of: a => a, slope: () => 1, steepest: 1, written: () => "1", bounded: false },
};
