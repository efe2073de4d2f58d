# Makes a sandbox in namespaces that are new already, and becomes what is to run in it.
# Arguments: ROOT CAPABILITIES [ro|rw SOURCE TARGET]... -- COMMAND...
set -eu
root=$1
capabilities=$2
shift 2

bind() {
  mkdir -p "$(dirname "$2")"
  if [ -d "$1" ]; then
    mkdir -p "$2"
  else
    : >>"$2"
  fi
  mount --bind "$1" "$2"
}

read_only() {
  mount -o remount,ro,bind "$1"
}

mount --bind "$root" "$root"
mkdir -p "$root/dev" "$root/proc"
mount -t tmpfs -o mode=755,nosuid,size=1m tmpfs "$root/dev"
for node in null zero full random urandom tty; do
  bind "/dev/$node" "$root/dev/$node"
done
mkdir -m 1777 "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for knob in sys sysrq-trigger irq bus; do
  if [ -e "$root/proc/$knob" ]; then
    mount --bind "$root/proc/$knob" "$root/proc/$knob"
    read_only "$root/proc/$knob"
  fi
done
while [ "$1" != -- ]; do
  bind "$2" "$root/$3"
  if [ "$1" = ro ]; then
    read_only "$root/$3"
  fi
  shift 3
done
shift

# The new root covers the old one, so that chroot is not a door back.
cd "$root"
mount --move . /
unset PWD OLDPWD
exec setpriv --inh-caps=-all --bounding-set="$capabilities" chroot . "$@"
