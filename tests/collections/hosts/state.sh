# What the tasks of $book left: kinds, owners and modes of files, and the hashes of those that are the same everywhere.
case $book in
    files) places='/srv/collections /etc/sensu /var/lib/dpkg/diversions' ;;
    system) places='/etc/sudoers.d /etc/cron.d' ;;
    crypto) places=/srv/keys ;;
    *) places=/srv/live ;;
esac
find $places 2>/dev/null | LC_ALL=C sort | while read -r path; do
    case $path in
        */prepared | */__pycache__*) continue ;;
        # Times, random keys and serial numbers are in them.
        */disk | */table | */pam | */ssh | *.iso | *new* | *.p12 | */web.crt | */web.der | */child.crt | */dh.pem* | */ssh-cert.pub) hash= ;;
        *) hash=$([ ! -f "$path" ] || sha256sum <"$path" | cut -c1-16) ;;
    esac
    echo "$(stat -c '%A %U %G' "$path") $path $hash"
done
case $book in
    files)
        getcap /srv/collections/program.real
        getfattr -d /srv/collections/program.real 2>&1
        getfacl -p /srv/collections/people.csv
        ;;
    system)
        crontab -l | grep -v '^#'
        atq | wc -l
        ;;
esac
