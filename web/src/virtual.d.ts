declare module "virtual:land" {
  /** Polygons, each an array of rings, each steps of a hundredth of a degree. */
  const polygons: number[][][];
  export default polygons;
}
