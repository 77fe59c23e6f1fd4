/** A network of an example set as a reference implementation was, and the reference's results in `cases/NAME.json`. */
export interface ConformanceCase {
  readonly case: string;
  readonly file: string;
  readonly settings: readonly string[];
  /** Which network of the file, where it has several. */
  readonly network?: string;
  /** The block whose names the reference's tensors have. */
  readonly checkpoint: string;
  /** Sizes of the open axes; without it the input's after batch and channels. */
  readonly tile?: readonly number[];
  /** Whether the reference takes frames one by one: its kernels lack the axis along time, which has size one here. */
  readonly framewise?: boolean;
}

const sshUNet = { file: "examples/ssh-unet/ssh-unet.slab", checkpoint: "authors" };
const small = ["width=[8, 16, 24, 32, 40]", "classes=5"];
const nonCubic = ["width=[8, 16, 24]", "classes=3"];
const meshNet = {
  file: "examples/meshnet/meshnet.slab",
  settings: ["classes=3", "channels=6", "norm=group", "activation=gelu", "dilations=[4, 2, 1]", "rounds=2"],
};
const tsm = { file: "examples/tsm/tsm.slab", checkpoint: "torchvision" };
const cost = { file: "examples/cost/cost.slab", network: "CoSTResNet50" };
const costOperation = { ...cost, network: "CoSTOperation", checkpoint: "operation", framewise: true };
const coTr = { file: "examples/cotr/cotr.slab", checkpoint: "authors" };
const nnFormer = { file: "examples/nnformer/nnformer.slab", checkpoint: "authors" };
const nnFormerSmall = ["classes=5", "embedding_dim=24", "num_heads=[2, 4, 4, 8]"];
const ablation = { file: "examples/ablation/ablation.slab", checkpoint: "monai" };
const vNet = { file: "examples/vnet/vnet.slab", checkpoint: "monai" };
const unetr = { file: "examples/unetr/unetr.slab", checkpoint: "monai" };
const swinUNETR = { file: "examples/swin-unetr/swin-unetr.slab", checkpoint: "monai" };
const token = ["hidden_size=24", "mlp_dim=40", "feature_size=4"];
export const nnUNet = {
  file: "examples/nnunet/nnunet.slab",
  settings: [
    "classes=3",
    "width=[4, 8, 12, 12]",
    "kernel=[1x3x3, 3x3x3, 3x3x3, 3x3x1]",
    "stride=[1x1x1, 1x2x2, 2x2x2, 1x2x1]",
  ],
};
const smallAblation = ["width=[8, 16, 24, 32, 40]", "classes=5", "affine=true"];

/** Every system that is compared with a reference implementation, whole output by whole output. */
export const cases: readonly ConformanceCase[] = [
  { case: "ssh-unet-tsm-small", ...sshUNet, settings: small },
  { case: "ssh-unet-tsm-batch2", ...sshUNet, settings: small },
  {
    case: "ssh-unet-tsm-affine-small",
    ...sshUNet,
    settings: [...small, "affine=true"],
  },
  { case: "ssh-unet-tsm-full", ...sshUNet, settings: [] },
  { case: "ssh-unet-tsm-non-cubic", ...sshUNet, settings: nonCubic },
  { case: "ssh-unet-tsm-batch2", ...sshUNet, settings: [...small, "stacked=true"] },
  { case: "ssh-unet-gsm-small", ...sshUNet, settings: [...small, "shift=gsm"] },
  { case: "ssh-unet-gsm-non-cubic", ...sshUNet, settings: [...nonCubic, "shift=gsm"] },
  { case: "ssh-unet-gsf-small", ...sshUNet, settings: [...small, "shift=gsf"] },
  { case: "ssh-unet-gsf-non-cubic", ...sshUNet, settings: [...nonCubic, "shift=gsf"] },
  {
    case: "ssh-unet-vfn-small",
    ...sshUNet,
    settings: ["width=[8, 16, 24, 32, 40]", "classes=4", "fusion=vfn"],
  },
  { case: "ssh-unet-paper", ...sshUNet, settings: [...nonCubic, "text=paper"] },
  { case: "ssh-unet-paper-gsm", ...sshUNet, settings: [...nonCubic, "text=paper", "shift=gsm"] },
  { case: "meshnet-group-norm", ...meshNet, checkpoint: "nested" },
  {
    case: "meshnet-group-norm-affine",
    ...meshNet,
    settings: [...meshNet.settings, "affine=true"],
    checkpoint: "brainchop",
  },
  { case: "tsm-resnet50", ...tsm, settings: ["classes=10"], tile: [8, 64, 64], framewise: true },
  { case: "cost-a", ...costOperation, settings: [] },
  { case: "cost-b", ...costOperation, settings: ["shares=computed"] },
  { case: "cotr", ...coTr, settings: ["classes=5"] },
  { case: "cotr-instance-norm", ...coTr, settings: ["classes=3", "norm=IN", "activation=ReLU"] },
  { case: "cotr-group-norm", ...coTr, settings: ["classes=2", "norm=GN"] },
  { case: "nnformer-small", ...nnFormer, settings: nnFormerSmall },
  {
    case: "nnformer-other-windows",
    ...nnFormer,
    settings: [
      "classes=3",
      "embedding_dim=12",
      "num_heads=[2, 3, 4, 6]",
      "depths=[3, 2, 1, 2]",
      "window_size=[4, 3, 2, 2]",
      "deep_supervision=true",
    ],
  },
  {
    case: "nnformer-odd-widths",
    ...nnFormer,
    settings: [
      "classes=4",
      "modalities=2",
      "embedding_dim=15",
      "depths=[1, 2, 2, 1]",
      "num_heads=[3, 5, 6, 4]",
      "window_size=[5, 2, 4, 1]",
    ],
  },
  {
    case: "nnformer-other-patches",
    ...nnFormer,
    settings: [
      "classes=2",
      "embedding_dim=8",
      "depths=[2, 1, 2, 3]",
      "num_heads=[1, 4, 2, 8]",
      "patch_size=[3, 4, 4]",
      "window_size=[2, 4, 3, 7]",
    ],
  },
  { case: "dynunet-3d-small", ...ablation, settings: smallAblation },
  { case: "dynunet-2d-small", ...ablation, settings: [...smallAblation, "kernel=1x3x3"] },
  { case: "dynunet-3d-res-small", ...ablation, settings: [...smallAblation, "residual=true"] },
  { case: "vnet", ...vNet, settings: ["classes=5"] },
  {
    case: "unetr-small",
    ...unetr,
    settings: ["classes=5", "feature_size=8", "hidden_size=48", "mlp_dim=96", "num_heads=4"],
  },
  { case: "unetr-non-cubic", ...unetr, settings: [...token, "num_heads=3", "classes=3"] },
  {
    case: "unetr-perceptron",
    ...unetr,
    settings: [...token, "num_heads=2", "classes=4", "modalities=2", "proj_type=perceptron"],
  },
  {
    case: "unetr-qkv-bias",
    ...unetr,
    settings: [...token, "num_heads=3", "classes=3", "qkv_bias=true", "norm_name=batch"],
  },
  {
    case: "unetr-plain-blocks",
    ...unetr,
    settings: [...token, "num_heads=3", "classes=2", "res_block=false", "affine=true"],
  },
  {
    case: "unetr-no-blocks",
    ...unetr,
    settings: [...token, "num_heads=3", "classes=2", "conv_block=false", "norm_name=group", "num_groups=2"],
  },
  { case: "swin-unetr-small", ...swinUNETR, settings: ["classes=5", "feature_size=12"] },
  { case: "swin-unetr-non-cubic", ...swinUNETR, settings: ["classes=3", "feature_size=12"] },
  {
    case: "swin-unetr-windows",
    ...swinUNETR,
    settings: ["classes=2", "feature_size=12", "modalities=2", "window_size=4x3x5"],
  },
  {
    case: "swin-unetr-depths",
    ...swinUNETR,
    settings: ["classes=2", "feature_size=24", "depths=[1, 3, 2, 1]", "num_heads=[2, 4, 6, 8]"],
  },
  {
    case: "swin-unetr-no-bias",
    ...swinUNETR,
    settings: ["classes=2", "feature_size=12", "qkv_bias=false", "mlp_ratio=2.5", "normalize=false"],
  },
  {
    case: "swin-unetr-v2",
    ...swinUNETR,
    settings: ["classes=2", "feature_size=12", "use_v2=true", "patch_norm=true", "norm_name=batch"],
  },
  {
    case: "swin-unetr-merging-v2",
    ...swinUNETR,
    settings: ["classes=2", "feature_size=12", "downsample=mergingv2", "window_size=4"],
  },
  { case: "nnunet-v1-small", ...nnUNet, checkpoint: "version1" },
  { case: "nnunet-v2-small", ...nnUNet, settings: [...nnUNet.settings, "version=2"], checkpoint: "version2" },
];

/** What a network counts to: exact numbers from logs, papers and reference code. */
export interface Count {
  readonly file: string;
  readonly settings: readonly string[];
  readonly network?: string;
  readonly parameters: number;
  /** Multiply-accumulates of one pass over a tile; and with what fvcore counts besides them, operations of norms. */
  readonly at?: { readonly tile: readonly number[]; readonly macs: number; readonly fvcore: number };
}

const cube128 = [128, 128, 128];

export const counts: readonly Count[] = [
  {
    file: sshUNet.file,
    settings: [],
    parameters: 6_480_208,
    at: { tile: cube128, macs: 518_673_924_096, fvcore: 525_365_542_912 },
  },
  { file: sshUNet.file, settings: ["classes=14"], parameters: 6_480_142 },
  { file: sshUNet.file, settings: ["classes=14", "shift=gsm"], parameters: 6_513_854 },
  {
    file: sshUNet.file,
    settings: ["shift=gsm"],
    parameters: 6_513_920,
    at: { tile: cube128, macs: 536_706_613_248, fvcore: 546_069_741_568 },
  },
  {
    file: sshUNet.file,
    settings: ["shift=gsm", "affine=true"],
    parameters: 6_521_600,
    at: { tile: cube128, macs: 536_706_613_248, fvcore: 547_675_537_408 },
  },
  { file: sshUNet.file, settings: ["classes=14", "shift=gsf"], parameters: 6_488_886 },
  {
    file: sshUNet.file,
    settings: ["shift=gsf"],
    parameters: 6_488_952,
    at: { tile: cube128, macs: 523_182_939_648, fvcore: 530_542_435_840 },
  },
  { file: sshUNet.file, settings: ["classes=14", "fusion=vfn"], parameters: 11_096_076 },
  {
    file: sshUNet.file,
    settings: ["fusion=vfn"],
    parameters: 12_509_504,
    at: { tile: cube128, macs: 1_312_139_771_904, fvcore: 1_319_852_703_744 },
  },
  {
    file: sshUNet.file,
    settings: ["text=paper"],
    parameters: 6_480_208,
    at: { tile: cube128, macs: 518_673_924_096, fvcore: 525_365_542_912 },
  },
  { file: meshNet.file, settings: [], parameters: 96_408 },
  { file: meshNet.file, settings: ["classes=3", "channels=5", "activation=relu"], parameters: 5_598 },
  {
    file: tsm.file,
    settings: [],
    parameters: 24_327_632,
    at: { tile: [8, 224, 224], macs: 32_703_643_648, fvcore: 32_881_467_392 },
  },
  {
    file: tsm.file,
    settings: ["classes=174"],
    parameters: 23_864_558,
    at: { tile: [8, 224, 224], macs: 32_699_940_864, fvcore: 32_877_764_608 },
  },
  {
    ...cost,
    settings: [],
    parameters: 24_338_960,
    at: { tile: [8, 224, 224], macs: 62_292_918_272, fvcore: 62_470_742_016 },
  },
  {
    ...cost,
    settings: ["shares=computed"],
    parameters: 25_585_248,
    at: { tile: [8, 224, 224], macs: 62_296_724_672, fvcore: 62_474_548_416 },
  },
  {
    ...cost,
    settings: ["shares=none"],
    parameters: 24_327_632,
    at: { tile: [8, 224, 224], macs: 32_697_909_248, fvcore: 32_875_732_992 },
  },
  {
    file: coTr.file,
    settings: [],
    parameters: 41_873_920,
    at: { tile: cube128, macs: 667_649_310_720, fvcore: 668_933_554_176 },
  },
  {
    file: coTr.file,
    settings: ["deep_supervision=false"],
    parameters: 41_873_920,
    at: { tile: cube128, macs: 667_649_310_720 - 788_529_152, fvcore: 668_145_025_024 },
  },
  {
    file: coTr.file,
    settings: ["norm=IN"],
    parameters: 41_873_920,
    at: { tile: [96, 96, 96], macs: 281_664_552_960, fvcore: 282_454_677_504 },
  },
  {
    file: nnFormer.file,
    settings: ["held=true"],
    parameters: 150_140_232,
    at: { tile: cube128, macs: 424_471_953_408, fvcore: 425_783_328_768 },
  },
  {
    file: nnFormer.file,
    settings: ["deep_supervision=true"],
    parameters: 150_140_232,
    at: { tile: cube128, macs: 426_485_219_328, fvcore: 427_796_594_688 },
  },
  {
    file: nnFormer.file,
    settings: ["held=true"],
    parameters: 149_923_080,
    at: { tile: [96, 96, 96], macs: 178_276_184_064, fvcore: 178_829_420_544 },
  },
  {
    file: ablation.file,
    settings: [],
    parameters: 16_539_472,
    at: { tile: cube128, macs: 473_518_047_232, fvcore: 474_945_421_312 },
  },
  {
    file: ablation.file,
    settings: ["kernel=1x3x3"],
    parameters: 6_180_112,
    at: { tile: cube128, macs: 163_789_668_352, fvcore: 165_217_042_432 },
  },
  {
    file: ablation.file,
    settings: ["residual=true"],
    parameters: 16_664_432,
    at: { tile: cube128, macs: 474_566_623_232, fvcore: 476_351_168_512 },
  },
  {
    file: ablation.file,
    settings: ["residual=true", "kernel=1x3x3", "affine=true"],
    parameters: 6_311_792,
    at: { tile: cube128, macs: 164_838_244_352, fvcore: 167_068_925_952 },
  },
  { file: ablation.file, settings: ["kernel=1x3x3", "shift=true", "fold=1/16"], parameters: 6_480_208 },
  {
    file: ablation.file,
    settings: ["kernel=1x3x3", "shift=true", "multi_view=true"],
    parameters: 6_480_208,
    at: { tile: cube128, macs: 518_673_924_096, fvcore: 525_365_542_912 },
  },
  {
    file: nnUNet.file,
    settings: [],
    parameters: 31_178_784,
    at: { tile: cube128, macs: 678_080_544_768, fvcore: 680_310_489_088 },
  },
  {
    file: nnUNet.file,
    settings: ["deep_supervision=false"],
    parameters: 31_166_496,
    at: { tile: cube128, macs: 677_370_658_816, fvcore: 679_600_603_136 },
  },
  {
    file: nnUNet.file,
    settings: ["kernel=[3, 3, 3, 3, 3, 3]", "stride=[1, 2, 2, 2, 2, 2]"],
    parameters: 31_205_984,
    at: { tile: cube128, macs: 478_526_046_208, fvcore: 480_312_107_008 },
  },
  {
    file: vNet.file,
    settings: [],
    parameters: 45_654_192,
    at: { tile: cube128, macs: 849_497_554_944, fvcore: 849_960_763_392 },
  },
  {
    file: unetr.file,
    settings: [],
    parameters: 121_350_608,
    at: { tile: cube128, macs: 176_429_203_456, fvcore: 177_508_057_088 },
  },
  {
    file: unetr.file,
    settings: ["held=paper"],
    parameters: 93_017_552,
    at: { tile: cube128, macs: 176_429_203_456, fvcore: 177_508_057_088 },
  },
  {
    file: swinUNETR.file,
    settings: [],
    parameters: 62_187_394,
    at: { tile: cube128, macs: 764_194_402_944, fvcore: 767_428_211_328 },
  },
  {
    file: swinUNETR.file,
    settings: ["held=paper"],
    parameters: 62_825_602,
    at: { tile: [96, 96, 96], macs: 318_609_667_392, fvcore: 319_973_930_304 },
  },
];
