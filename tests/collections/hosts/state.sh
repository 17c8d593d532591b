#!/bin/sh
# What the tasks left: kinds, owners and modes of files, and the hashes of those that are the same everywhere.
find /srv /etc/sudoers.d /etc/cron.d /etc/sensu /var/lib/dpkg/diversions 2>/dev/null | LC_ALL=C sort | while read -r path; do
    case $path in
        */prepared | */__pycache__*) continue ;;
        # Times, random keys and serial numbers are in them.
        */disk | */table | */pam | */ssh | *.iso | *new* | *.p12 | */web.crt | */web.der | */child.crt | */dh.pem* | */ssh-cert.pub) hash= ;;
        *) hash=$([ ! -f "$path" ] || sha256sum <"$path" | cut -c1-16) ;;
    esac
    echo "$(stat -c '%A %U %G' "$path") $path $hash"
done
crontab -l | grep -v '^#'
getcap /srv/collections/program.real
getfattr -d /srv/collections/program.real 2>&1
getfacl -p /srv/collections/people.csv
atq | wc -l
