"""Who works at Almenara Logística, where, and as what."""

from dataclasses import dataclass
from typing import NamedTuple

from portal.people.models import Role

DOMAIN = "demo.example"


class Window(NamedTuple):
    """A department, under which other one it stands, and its weekly hours if they are public."""

    slug: str
    number: int | None
    name: str
    above: str | None
    welcome: str = ""
    opens: str = ""


DEPARTMENTS = (
    Window("direccion", None, "Dirección | General management", None),
    Window(
        "informatica", 1, "Informática (IT) | IT", "direccion",
        "Equipos, accesos y programas. Si algo no funciona, cuéntalo con tus palabras."
        " | Equipment, access and programs. If something does not work, tell us in your own words.",
        "07:00-19:00",
    ),
    Window(
        "recursos-humanos", 2, "Recursos Humanos | Human Resources", "direccion",
        "Contratos, nóminas, permisos y formación. | Contracts, payroll, leave and training.",
        "08:30-17:00",
    ),
    Window(
        "operaciones", 3, "Operaciones | Operations", "direccion",
        "Turnos, rutas y muelles, a todas horas. | Shifts, routes and docks, around the clock.",
        "00:00-24:00",
    ),
    Window(
        "atencion-al-cliente", 4, "Atención al cliente | Customer Care", "direccion",
        "Lo que un cliente pregunta o reclama y tú no puedes contestar."
        " | What a customer asks or claims and you cannot answer.",
        "08:00-20:00",
    ),
    Window(
        "instalaciones", 6, "Instalaciones | Facilities", "direccion",
        "Averías, mobiliario, climatización y aparcamiento. | Repairs, furniture, climate and parking.",
        "07:00-15:00",
    ),
    Window(
        "recepcion", 5, "Recepción | Reception", "instalaciones",
        "Visitas, salas, llaves y mensajería. | Visitors, rooms, keys and couriers.",
        "07:30-20:30",
    ),
    Window(
        "compras", 7, "Compras | Purchasing", "direccion",
        "Material, proveedores y viajes. | Supplies, suppliers and travel.",
        "09:00-17:00",
    ),
    Window("desarrollo", None, "Desarrollo de software | Software development", "informatica"),
)  # fmt: skip


@dataclass(frozen=True)
class Employee:
    """A person of the demo; `key` is the part of the address before the @."""

    key: str
    name: str
    department: str
    job: str
    site: str = "Zaragoza-PLAZA"
    head: bool = False
    agent: bool = False
    # in the own department for agents of the catalogue, else everywhere
    roles: tuple[Role, ...] = ()
    language: str = "es"

    @property
    def email(self) -> str:
        """Return the address with which the person signs in."""
        return f"{self.key}@{DOMAIN}"


GETAFE, ZAL, BILBAO, VIGO = "Getafe", "Barcelona-ZAL", "Bilbao", "Vigo"

# fmt: off
PEOPLE = (
    Employee("carlos.mendizabal", "Carlos Mendizábal", "direccion", "Director general | Managing director", head=True),
    Employee("editor", "Elena Vidal i Roca", "direccion", "Comunicación interna | Internal communications", roles=(Role.COMMUNICATIONS,)),
    Employee("auditor", "Inés Carballo", "direccion", "Auditoría interna | Internal audit", roles=(Role.AUDITOR,)),
    # 1
    Employee("head2", "Sonia Arrizabalaga", "informatica", "Jefa de Informática | Head of IT", head=True),
    Employee("agent", "Iker Zabala", "informatica", "Técnico de soporte | Support technician", agent=True),
    Employee("ainhoa.etxeberria", "Ainhoa Etxeberria", "informatica", "Técnica de sistemas | Systems technician", BILBAO, agent=True),
    Employee("pau.casals", "Pau Casals i Ribera", "informatica", "Técnico de soporte | Support technician", ZAL, agent=True, roles=(Role.CATALOGUE_EDITOR,)),
    Employee("admin", "Xabier Otxoa", "informatica", "Administración del portal | Portal administration", roles=(Role.ADMINISTRATOR,)),
    Employee("uxia.lourido", "Uxía Lourido", "desarrollo", "Responsable de desarrollo | Head of development", VIGO, head=True),
    Employee("marc.ferrer", "Marc Ferrer i Bosch", "desarrollo", "Programador | Developer", ZAL, agent=True),
    Employee("leire.goikoetxea", "Leire Goikoetxea", "desarrollo", "Programadora | Developer", BILBAO),
    # 2
    Employee("nuria.campos", "Nuria Campos", "recursos-humanos", "Jefa de Recursos Humanos | Head of Human Resources", head=True),
    Employee("trainer", "Rubén Lacasta", "recursos-humanos", "Formación | Training", agent=True, roles=(Role.TRAINER,)),
    Employee("montserrat.pujol", "Montserrat Pujol", "recursos-humanos", "Nóminas y contratos | Payroll and contracts", ZAL, agent=True, roles=(Role.CATALOGUE_EDITOR,)),
    Employee("brais.castro", "Brais Castro", "recursos-humanos", "Relaciones laborales | Labour relations", VIGO, agent=True),
    # 3
    Employee("josu.garmendia", "Josu Garmendia", "operaciones", "Director de Operaciones | Head of Operations", GETAFE, head=True),
    Employee("employee2", "Omar Benali", "operaciones", "Jefe de muelle | Dock supervisor", GETAFE),
    Employee("francisco.santamaria", "Francisco Javier Santamaría", "operaciones", "Encargado de devoluciones | Returns lead", GETAFE, agent=True),
    Employee("noa.iglesias", "Noa Iglesias", "operaciones", "Planificación de rutas | Route planning", VIGO, agent=True),
    Employee("arnau.vila", "Arnau Vila", "operaciones", "Tráfico | Traffic", ZAL, agent=True),
    Employee("miren.aranburu", "Miren Aranburu", "operaciones", "Encargada de turno | Shift lead", BILBAO),
    Employee("jordi.serra", "Jordi Serra i Camps", "operaciones", "Carretillero | Forklift driver", ZAL),
    Employee("lorena.pardo", "Lorena Pardo", "operaciones", "Preparación de pedidos | Order picking", GETAFE),
    Employee("partner", "Tomé Figueiredo", "operaciones", "Transportes Figueiredo | Figueiredo Haulage", VIGO, roles=(Role.PARTNER,)),
    # 4
    Employee("head", "Marta Soler", "atencion-al-cliente", "Jefa de Atención al cliente | Head of Customer Care", head=True),
    Employee("employee", "Lucía Ferrer", "atencion-al-cliente", "Gestora de clientes | Customer agent"),
    Employee("delegate", "Rafael Quintana", "atencion-al-cliente", "Coordinador de turno | Shift coordinator"),
    Employee("improver", "Beatriz Echevarría-Goicoechea", "atencion-al-cliente", "Devoluciones | Returns", agent=True, roles=(Role.IMPROVER,)),
    Employee("joana.pires", "Joana Pires", "atencion-al-cliente", "Cuenta de Oporto | Porto account", VIGO, agent=True),
    Employee("adria.puigdomenech", "Adrià Puigdomènech i Casademont", "atencion-al-cliente", "Gestor de clientes | Customer agent"),
    Employee("sara.otero", "Sara Otero", "atencion-al-cliente", "Reclamaciones | Claims", VIGO, agent=True),
    # 5
    Employee("maite.ugarte", "Maite Ugarte", "recepcion", "Responsable de Recepción | Head of Reception", head=True),
    Employee("gemma.rovira", "Gemma Rovira", "recepcion", "Recepcionista | Receptionist", ZAL, agent=True),
    Employee("andres.lozano", "Andrés Lozano", "recepcion", "Recepcionista | Receptionist", GETAFE, agent=True),
    # 6
    Employee("xoan.ribadulla", "Xoán Ribadulla", "instalaciones", "Jefe de Instalaciones | Head of Facilities", head=True),
    Employee("david.royo", "David Royo", "instalaciones", "Mantenimiento | Maintenance", agent=True),
    Employee("eneko.larrea", "Eneko Larrea", "instalaciones", "Mantenimiento | Maintenance", BILBAO, agent=True),
    Employee("carme.sunyer", "Carme Sunyer", "instalaciones", "Prevención y espacios | Safety and space", ZAL),
    # 7
    Employee("teresa.balaguer", "Teresa Balaguer", "compras", "Jefa de Compras | Head of Purchasing", head=True),
    Employee("hugo.novoa", "Hugo Novoa", "compras", "Comprador | Buyer", agent=True, language="en"),
    Employee("irati.mendiola", "Irati Mendiola", "compras", "Viajes y contratos | Travel and contracts", BILBAO, agent=True),
)
# fmt: on

ABSENT, STAND_IN = "head", "delegate"
FIRST_ADMINISTRATOR = "admin"
