# Lays rules of routing in a network that pasta has made, and keeps it until its input ends.
# Arguments: RULES-FOR-IPV4 RULES-FOR-IPV6
set -eu
export PATH="$PATH:/usr/sbin:/sbin"
printf '%s\n' "$1" | ip -batch - >&2
if [ -e /proc/net/if_inet6 ]; then
  printf '%s\n' "$2" | ip -6 -batch - >&2
fi
echo ready
exec cat
