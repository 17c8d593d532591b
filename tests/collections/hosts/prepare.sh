#!/bin/sh
# What the tasks of files.yml work on: prepare.sh DIRECTORY
set -e
mkdir -p "$1" && cd "$1"
cat >shop.xml <<'END'
<?xml version='1.0' encoding='UTF-8'?>
<shop open="yes">
  <name>Bäcker</name>
  <items><item kind="a" price="1">roll</item><item kind="b"/></items>
</shop>
END
printf 'name,age\nAnn,31\n"Bäcker, Bob",42\n' >people.csv
printf 'packed text\n' >text.txt
gzip -nc text.txt >text.gz
xz -c text.txt >text.xz
truncate -s 8M disk table
cp /bin/true program
printf 'auto eth0\niface eth0 inet static\n    address 10.0.0.5\n    netmask 255.255.255.0\n    up echo one\n\niface eth1 inet dhcp\n' >interfaces
printf 'blacklist other\n# kept\n' >blacklist.conf
printf '#%%PAM-1.0\nauth\trequired\tpam_faillock.so preauth\nauth\trequired\tpam_unix.so try_first_pass\n@include common-account\n' >pam
printf 'luks-data UUID=0 none luks\n' >crypttab
printf 'Host old\n    Port 22\n' >ssh_config
printf 'local\tall\tpostgres\tpeer\n' >pg_hba.conf
mkdir -p made site maven/a/b/c/1.0 maven/a/b/c/1.1
printf 'result:\n\techo "$(WORD)" >result\nother:\n\t@echo other\nbroken:\n\t@echo bad >&2; exit 3\n' >made/Makefile
printf '#!/bin/sh\necho "checked $*"\n' >site/manage.py
chmod +x site/manage.py
for version in 1.0 1.1; do printf 'jar %s\n' $version >maven/a/b/c/$version/c-$version.jar; done
for file in maven/a/b/c/*/*.jar; do md5sum $file | cut -d' ' -f1 >$file.md5; done
cat >maven/a/b/c/maven-metadata.xml <<'END'
<metadata><groupId>a.b</groupId><artifactId>c</artifactId>
<versioning><latest>1.1</latest><release>1.1</release><versions><version>1.0</version><version>1.1</version></versions></versioning></metadata>
END
find . -exec touch -h -d '2025-01-02 03:04:05 UTC' {} +
touch prepared
