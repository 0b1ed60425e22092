// What a node looks like: its shape in the picture and as a line of an SVG, and the page's own colours.
const SHAPES = { circle: 0, diamond: 1, square: 2, triangle: 3 };

/** The page's own colours, light or dark. */
function palette(element) {
  const style = getComputedStyle(element);
  const of = (name) => style.getPropertyValue(name).trim();
  const themes = Array.from({ length: 10 }, (_, at) => of(`--theme-${at + 1}`));
  return { ground: of("--chart-sea"), ink: of("--ink"), lit: of("--vermilion"), serif: of("--serif"), themes };
}

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** So much of a colour over the ground: edges over edges must not add up to a dark ball, as see-through ones do. */
function pale(colour, ground, share) {
  const under = channels(ground);
  const mixed = channels(colour).map((value, at) => Math.round(under[at] + (value - under[at]) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_at;
varying float v_edge;
varying float v_shape;
void main() {
  float radius = 2.0 * a_size * u_correctionRatio / u_sizeRatio;
  vec2 away = 2.0 * radius * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + away, 1)).xy, 0, 1);
  v_at = away / radius;
  v_edge = 2.0 * u_correctionRatio / radius;
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_at;
varying float v_edge;
varying float v_shape;
uniform vec4 u_ground;
float outside() {
  vec2 way = abs(v_at);
  if (v_shape < 0.5) return length(v_at) - 0.82;
  if (v_shape < 1.5) return (way.x + way.y - 1.05) * 0.7071;
  if (v_shape < 2.5) return max(way.x, way.y) - 0.7;
  return max(way.x * 0.866 + v_at.y * 0.5, -v_at.y) - 0.5;
}
void main() {
  float away = outside();
  vec4 nothing = vec4(0.0);
  #ifdef PICKING_MODE
  gl_FragColor = away > 0.1 ? nothing : v_color;
  #else
  float rim = max(v_edge, 0.01);
  vec4 inside = mix(v_color, u_ground, smoothstep(-2.0 * rim, -rim, away));
  gl_FragColor = mix(inside, nothing, smoothstep(-0.5 * rim, 0.5 * rim, away));
  #endif
}`;

/** Four shapes in one program: kinds are told apart without their colours too. */
function shapes(colours) {
  const { NodeProgram } = window.Sigma.rendering;
  const { floatColor } = window.Sigma.utils;
  const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
  return class extends NodeProgram {
    getDefinition() {
      return {
        VERTICES: 3,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: FRAGMENT,
        METHOD: TRIANGLES,
        UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix", "u_ground"],
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_shape", size: 1, type: FLOAT },
        ],
        CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
        CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
      };
    }

    processVisibleItem(id, at, { x, y, size, color, shape }) {
      this.array.set([x, y, size, floatColor(color), id, shape], at);
    }

    setUniforms({ sizeRatio, correctionRatio, matrix }, { gl, uniformLocations: where }) {
      gl.uniform1f(where.u_sizeRatio, sizeRatio);
      gl.uniform1f(where.u_correctionRatio, correctionRatio);
      gl.uniformMatrix3fv(where.u_matrix, false, matrix);
      // The picking program has no ground, and no place for it.
      if (where.u_ground) gl.uniform4fv(where.u_ground, [...channels(colours().ground).map((part) => part / 255), 1]);
    }
  };
}

/** The outline of a node as an SVG path. */
function outline(shape, x, y, r) {
  const at = (dx, dy) => `${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`;
  if (shape === SHAPES.circle) return `M${at(-0.82, 0)}a${0.82 * r} ${0.82 * r} 0 1 0 ${1.64 * r} 0a${0.82 * r} ${0.82 * r} 0 1 0 ${-1.64 * r} 0z`;
  if (shape === SHAPES.diamond) return `M${at(0, -1.05)}L${at(1.05, 0)}L${at(0, 1.05)}L${at(-1.05, 0)}z`;
  if (shape === SHAPES.square) return `M${at(-0.7, -0.7)}L${at(0.7, -0.7)}L${at(0.7, 0.7)}L${at(-0.7, 0.7)}z`;
  return `M${at(0, -1)}L${at(0.866, 0.5)}L${at(-0.866, 0.5)}z`;
}
