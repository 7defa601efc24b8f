"""Commands that copy the whole bank into one file, and put it back into an empty place."""

from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext

from bank import clock, config
from bank.backup import actions, archive
from bank.cli.seals import existing_file, verify
from bank.db import newest_migration


@click.command("backup")
@click.option("--to", "into", type=click.Path(file_okay=False, path_type=Path), help="Folder; BANK_BACKUP_DIR if left out.")
@click.option("--thin", "is_thinned", is_flag=True, help="Then remove old ones: 7 daily, 5 weekly and 12 monthly stay.")
@with_appcontext
def backup(into: Path | None, is_thinned: bool) -> None:
    """Copy the whole bank into one file while it is at work. The file holds the secret key: keep it as you keep money."""
    folder = into or actions.folder()
    if folder is None:
        raise click.ClickException("备份已关闭。Backups are turned off (BANK_BACKUP_DIR=none); name a folder with --to.")
    path = actions.make(into=folder, at=clock.now())
    click.echo(f"备份已写好。The backup is written: {path} ({path.stat().st_size:,} bytes)")
    if is_thinned:
        click.echo(f"删除旧备份 {actions.thin(folder)} 份。Old backups were removed.")


@click.command("restore")
@click.argument("file", type=existing_file)
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Put a backup back where no bank is, upgrade its tables if this release is newer, and check the books.

    Who was erased since the backup was made is in it again: erase them anew.
    """
    settings = config.load()
    data = Path(str(settings["DATA_DIR"]))
    with archive.opened(file) as (manifest, files):
        actions.check(manifest, files, settings)
        with actions.secret_in_place(files, data):
            app = context.obj.load_app()
            with app.app_context():
                actions.restore(manifest, files)
    with app.app_context():
        if manifest.revision != newest_migration():
            flask_migrate.upgrade()
        click.echo(f"已恢复 {manifest.made_at} 的备份。The backup of {manifest.made_at} is restored.")
        click.echo("此后删除过个人资料的人，请再删除一次。Who was erased since then must be erased again.")
        seals = data / archive.SEALS
        context.invoke(verify, anchor=seals if seals.exists() else None, first=1)


COMMANDS = (backup, restore)
