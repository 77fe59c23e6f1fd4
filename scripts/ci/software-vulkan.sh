#!/usr/bin/env bash
# Prints the path of a Vulkan driver that runs on the processor (SwiftShader), for VK_DRIVER_FILES: with it ONNX Runtime's
# webgpu works on a machine without a graphics card. Debian's and Ubuntu's package `chromium` brings it; the package is
# installed where that can be done. Without one, nothing is printed but the reason, on standard error; exit code 1.
#
#   export VK_DRIVER_FILES=$(scripts/ci/software-vulkan.sh)
set -uo pipefail

find_driver() {
  local candidate
  for candidate in "${SLAB_SOFTWARE_VULKAN:-}" /usr/lib/chromium/vk_swiftshader_icd.json \
    /usr/lib/chromium-browser/vk_swiftshader_icd.json /usr/lib64/chromium-browser/vk_swiftshader_icd.json \
    /opt/google/chrome/vk_swiftshader_icd.json; do
    if [ -n "$candidate" ] && [ -f "$candidate" ]; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

find_driver && exit 0
if ! command -v apt-get >/dev/null; then
  echo "no software Vulkan driver: there is no apt-get to install chromium with" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "no software Vulkan driver: installing chromium needs root (apt-get install chromium)" >&2
    exit 1
  fi
  sudo="sudo -n"
fi
export DEBIAN_FRONTEND=noninteractive
if ! { $sudo apt-get update && $sudo apt-get install -y --no-install-recommends chromium libvulkan1; } >&2; then
  echo "no software Vulkan driver: chromium could not be installed" >&2
  exit 1
fi
find_driver || {
  echo "no software Vulkan driver: chromium is installed, but brings no vk_swiftshader_icd.json" >&2
  exit 1
}
