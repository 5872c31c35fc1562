// What the charts of the lessons need of Vega and Vega-Lite; build.mjs makes vega.js of it. Left out: maps, networks,
// trees, word clouds, regression, and files that are fetched.

import { extend } from "vega-util";
import { transforms } from "vega-dataflow";
import * as general from "vega-transforms";
import * as views from "vega-view-transforms";
import * as encode from "vega-encode";
import { voronoi } from "vega-voronoi";

extend(transforms, general, views, encode, { voronoi });

export { View } from "vega-view";
export { parse } from "vega-parser";
export { expressionInterpreter } from "vega-interpreter";
export { compile } from "vega-lite";
