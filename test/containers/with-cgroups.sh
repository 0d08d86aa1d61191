#!/bin/sh
# with-cgroups.sh COMMAND [ARG...]
#
# Runs COMMAND after mounting the named cgroup hierarchies (name=systemd) that this process is in but that are mounted
# nowhere. Without them containerd finds no cgroup at all: the engine then reports neither memory nor OOM. Only for a private
# engine in throw-away namespaces, as root; where all are mounted, as on any ordinary machine, it does nothing.
set -eu
sed -n 's/^[0-9]*:name=\([^:]*\):.*/\1/p' /proc/self/cgroup | while read -r name; do
  if ! grep -q " - cgroup [^ ]* .*name=$name" /proc/self/mountinfo; then
    mkdir -p "/sys/fs/cgroup/$name"
    mount -t cgroup -o "none,name=$name" cgroup "/sys/fs/cgroup/$name"
  fi
done
exec "$@"
