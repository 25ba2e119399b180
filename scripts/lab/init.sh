#!/bin/sh
# Process 1 of the lab's machine: mounts what a system has, then runs the program the machine was started for and powers
# off. The root is this computer's own tree, read-only; /run is memory, /run/data the machine's disk or a
# folder's files in memory.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run NO_COLOR=1 LANG=C.UTF-8
export PATH HOME TMPDIR NO_COLOR LANG
[ -e /proc/self ] && [ -w /proc/sysrq-trigger ] || mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t configfs configfs /sys/kernel/config
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /dev/pts /dev/shm /run/data
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
[ -e /dev/ubda ] && mount -t ext4 -o noatime /dev/ubda /run/data
[ -n "$LAB_FOLDER" ] && cp -r "$LAB_FOLDER/." /run/data/
exec >/dev/console 2>&1 </dev/null
ip link set lo up
"$LAB_NODE" ${LAB_FLAG:+"$LAB_FLAG"} ${LAB_PRELOAD_0:+--import "$LAB_PRELOAD_0"} ${LAB_PRELOAD_1:+--import "$LAB_PRELOAD_1"} "$LAB_PROGRAM"
echo "@@ended $?"
umount /run/data 2>/dev/null
sync
echo o >/proc/sysrq-trigger
sleep 5
